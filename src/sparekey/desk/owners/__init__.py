"""Owners who want "my devices": they sign in by a mailed code or a passkey and pair what they own."""
