"""Mail that the desk sends: its words, its form, its way out."""
