"""A maker's own account program: the example of the guide, and one that stands before it and can fail."""
