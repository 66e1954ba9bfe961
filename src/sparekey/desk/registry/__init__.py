"""What the desk knows of devices: who enrolled, whose they are."""
