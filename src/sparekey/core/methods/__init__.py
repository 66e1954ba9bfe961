"""The recovery methods, one file each, all of the same shape: who may start -> challenge -> proof -> grant."""
