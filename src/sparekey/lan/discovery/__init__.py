"""Who is there: one file for each protocol that cameras and recorders answer to."""
