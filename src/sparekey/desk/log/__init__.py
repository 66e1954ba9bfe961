"""The desk's recovery log: what it issues stands here before it leaves (spec/log.md)."""
