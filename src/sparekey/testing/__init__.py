"""Fakes for every port, and `World`: a device, a desk and a phone in memory, with a switch that cuts the power."""
