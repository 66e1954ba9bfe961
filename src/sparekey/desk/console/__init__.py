"""The console: where the staff of a desk works. Its pages translate; what is decided, `cases` and `staff` decide."""
