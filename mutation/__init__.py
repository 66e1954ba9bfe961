"""Mutation tests on `core/`: a rule that can be changed without any test noticing is not tested."""
