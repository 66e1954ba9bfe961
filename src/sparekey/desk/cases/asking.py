"""Who asks and for what, as a case keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.case import State
from sparekey.core.methods.security_code import Spoken


class Route(Enum):
    """How somebody wants the answer."""

    DOWNLOAD = "download"
    MAIL = "mail"
    CALL = "call"


@dataclass(frozen=True)
class Asker:
    """Somebody who asks.

    `opener`: a mark of the browser, program or agent that opens it, at most 32 bytes: the same request from the same
    opener is the same case. `address`, `phone`: where to reach them, or empty. `requester`: the staff id of somebody
    who asks for a device of their own. `agent`: the staff id of who took the call. `pickup`: hash of the
    secret by which a program fetches the answer, or empty. `batch`: the first case of those opened together.
    """

    opener: bytes
    locale: str = "en"
    route: Route = Route.DOWNLOAD
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    requester: str = ""
    agent: str = ""
    pickup: bytes = field(default=b"", repr=False)
    batch: str = ""


@dataclass(frozen=True)
class Asked:
    """What they ask for: `request`, sealed, as it came; or, where that is empty, what was read out.

    `day`: the date that the caller read, in days since 1970. `technician`: the request asks for an erase.
    `ticketed`: it came from the device that enrolled under this serial.
    """

    model: str = ""
    firmware: str = ""
    request: bytes = field(default=b"", repr=False)
    technician: bool = False
    ticketed: bool = False
    started: int = 0
    number: str = ""
    mac: str = ""
    day: int = 0

    def spoken(self, serial: str) -> Spoken | None:
        """What was read out, or None for a sealed request."""
        return None if self.request else Spoken(serial, self.started, self.number, self.mac)


@dataclass(frozen=True)
class Dossier:
    """All that a case knows, as it is stored: sealed."""

    state: State
    asked: Asked
    asker: Asker


@dataclass(frozen=True)
class Kept:
    """A case as the store has it. `version`: rises with every change. `opened`, `changed`: Unix seconds. `log_index`:
    where its issue stands in the log, None before it does.
    """

    number: str
    version: int
    opened: int
    changed: int
    log_index: int | None
    dossier: Dossier

    @property
    def state(self) -> State:
        """The state of its machine."""
        return self.dossier.state

    @property
    def serial(self) -> str:
        """The device's serial number."""
        return self.dossier.state.file.serial


@dataclass(frozen=True)
class Past:
    """One line of a case's history. `what`: a slug. `by`: a staff id, or empty. `role`: as whom they did it,
    told to the owner in place of a name. `detail`: a slug or empty; never free text. `once`: the mark of a call that
    may be repeated and shall happen once, or empty.
    """

    at: int
    what: str
    by: str = ""
    role: str = ""
    detail: str = ""
    once: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Which:
    """Which cases somebody wants to see. `statuses`: of one of these, or any. `serial`: of this one, however it is
    typed; empty for all. `since`, `before`: opened from then on, until then; 0 for no bound. `batch`: opened together
    with this one; empty for all. `waits`: for whom they wait, by slug, or None for any.
    """

    statuses: tuple[str, ...] = ()
    serial: str = ""
    since: int = 0
    before: int = 0
    batch: str = ""
    waits: str | None = None


@dataclass(frozen=True)
class Bundle:
    """Cases of one state that were opened together. `number`: of the first that was, by which the others are found.
    `case`: the only one of this state, empty where they are several. `since`: when something happened to one last.
    """

    number: str
    case: str
    count: int
    opened: int
    since: int


@dataclass(frozen=True)
class Line:
    """A case in a list. `status`: the name of its state. `due`: when a hold ends, or 0. `waits`: for whom, by
    its slug. `cancelled`: its owner said no.
    """

    number: str
    serial: str
    model: str
    status: str
    opened: int
    changed: int
    due: int
    request: bytes = b""
    waits: str = ""
    cancelled: bool = False
