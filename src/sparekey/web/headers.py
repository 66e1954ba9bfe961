"""The headers that every answer carries, unless the answer brings its own."""

from __future__ import annotations

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy: nothing from elsewhere, nothing inline, no frame around us."""

SECURITY = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    # Not "no-referrer": under it browsers send "Origin: null" with our own forms (Fetch standard, 3.1).
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
)
"""Names in lower case. A page that needs more (the scanner needs the camera) sets its own value."""

STRICT = ("strict-transport-security", "max-age=31536000")
"""Browsers come by https alone, for a year (RFC 6797)."""
