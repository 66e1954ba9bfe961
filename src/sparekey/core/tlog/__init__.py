"""The recovery log: a public list that only grows, of everything a desk issues (spec/log.md)."""
