"""All targets by name."""

from __future__ import annotations

from fuzz.target import Target
from fuzz.targets import desk, device, lan, log, messages, web

TARGETS: dict[str, Target] = {
    target.name: target for part in (messages, log, web, lan, device, desk) for target in part.TARGETS
}
