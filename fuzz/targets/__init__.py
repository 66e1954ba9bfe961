"""The readers, by the part of the house that they belong to."""
