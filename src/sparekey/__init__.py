"""A spare key for cameras and recorders: recovery of lost passwords without holes.

ARCHITECTURE.md at the top of the source tree shows the house; `spec/` defines the protocol.
"""

from __future__ import annotations

__version__ = "0.1.0"
