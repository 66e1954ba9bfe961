"""A whole site on one machine, made of the real programs, and a check that plays the procedures there."""
