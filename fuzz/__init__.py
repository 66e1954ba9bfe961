"""Throws bytes at every reader that meets something from outside: a value or an error of ours, and nothing else."""
