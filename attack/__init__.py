"""A simulated attacker who plays every door at once, and a referee who counts what really was compared."""
