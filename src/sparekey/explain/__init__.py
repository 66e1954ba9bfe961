"""`sparekey inspect`: what a file or a text is, told to a person, without its secrets."""
