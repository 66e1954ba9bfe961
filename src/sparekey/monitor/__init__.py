"""Reads any desk's recovery log from outside, and can be its witness (spec/log.md). It shares no code with the desk."""
