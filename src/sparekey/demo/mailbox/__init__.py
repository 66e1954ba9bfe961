"""Plays the owner's e-mail: a real SMTP server with STARTTLS and a password, and a web page to read in."""
