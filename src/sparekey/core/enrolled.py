"""What a device remembers of its desk: the enrolment that it sealed last, and a confirmation that is on its way
(spec/enrolment.md sections 8 and 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Enrolment:
    """The enrolment that was sealed last.

    `count`: how many were sealed under the present K. `sealed`: the request as it travels, the same bytes each time.
    `bound`: what it says of the device (`Record.saying`): when that changes, another one is due. `answered`: the desk's
    reply to this very request was taken. `ticket`: 16 bytes from the newest reply, empty before the first.
    """

    count: int
    sealed: bytes
    bound: bytes
    answered: bool = False
    ticket: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Confirming:
    """A code is on its way to the reserved address, to show that its owner reads it. `verifier`: what the typed code is
    compared with. `valid` and `opened_age` in seconds. `tries`: wrong ones so far.
    """

    number: str
    address: str
    sealed: bytes
    verifier: bytes
    valid: int
    opened_age: int
    tries: int = 0
