"""Whoever uses a desk: people with browsers, a mail server, a clock on the wall."""
