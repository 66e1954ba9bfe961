"""What was recorded: a port, and the store of a device that has no other."""
