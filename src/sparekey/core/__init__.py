"""The pure heart: values in, values out. Standard library and `cryptography` only."""
