"""What a desk's operator decides about enrolments: `[registry]` in `desk.toml`."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.registry import Admission


@dataclass(frozen=True)
class RegistryRules:
    """`admission`: whom the desk takes by itself. `unproved_hour`: enrolments without any proof that it takes, or lets
    people look at, in an hour.
    """

    admission: Admission = Admission.FIRST_USE
    unproved_hour: int = 600
