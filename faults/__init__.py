"""What is left of a device when its power or its disk fails in the middle of a reset."""
