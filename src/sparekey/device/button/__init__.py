"""The switch on the body of a camera: a port, what reads it on Linux, and whoever counts how long it is held."""
