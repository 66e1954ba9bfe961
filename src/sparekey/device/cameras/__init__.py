"""The cameras of a recorder: who they are, how it signs in to them, and their own pages through it."""
