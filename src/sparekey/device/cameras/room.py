"""Everything that a recorder does with its cameras, behind its pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal, SparekeyError, UnavailableError
from sparekey.core.values import Role
from sparekey.device.cameras import settings
from sparekey.device.cameras.camera import CAMERAS_LIMIT, Camera, Control, State
from sparekey.device.cameras.doors.tickets import Tickets
from sparekey.device.cameras.reach import Reach, resolve
from sparekey.lan.interfaces import interfaces
from sparekey.lan.sockets import own_address_towards

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sparekey.core.values import Secret
    from sparekey.device.agent import Agent
    from sparekey.device.cameras.changing import Changing
    from sparekey.device.cameras.doors.keeper import Doorkeeper
    from sparekey.device.cameras.doors.relay import Relay
    from sparekey.device.cameras.meeting import Met
    from sparekey.device.cameras.own import OwnTalk
    from sparekey.device.cameras.relaying import Relaying
    from sparekey.device.cameras.searching import Searching, Seen
    from sparekey.device.cameras.settings import Network
    from sparekey.device.cameras.talk import Heard, Talk

BRAND_OF_OURS = "sparekey"
_AT_ONCE = 4
"""Cameras that get new passwords at the same time."""


class CameraRoom:
    """One for the process. `own_names`: what people may call the recorder. `near`, `own`: as of `Reach`; by default
    this machine is asked. `keeper` opens doors once servers run.

    What speaks with cameras is imported when there is one: a recorder without cameras carries nothing of it.
    """

    def __init__(
        self,
        agent: Agent,
        own_names: Callable[[], Collection[str]],
        near: Callable[[], Collection[Network]] | None = None,
        own: Callable[[str], bool] | None = None,
    ) -> None:
        self.agent = agent
        self.cameras = agent.cameras
        self.keeper: Doorkeeper | None = None
        self._own_names = own_names
        told = agent.config.settings.cameras
        self.doors = settings.doors(told)
        self.reach = Reach(
            [settings.network(text) for text in told.networks],
            near=near or _near,
            ports=self._ports,
            own=own or _is_own,
            resolve=resolve,
        )
        self._changing: Changing | None = None
        self._searching: Searching | None = None
        self._relaying: Relaying | None = None
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="change")
        if not self.cameras.is_empty():
            self.changing.tidy()
        self.tickets = Tickets(agent.entropy, lambda: agent.now().moment.uptime, self._holds)

    # Which cameras there are

    def meet(self, typed: str) -> Met:
        """Who answers at an address. Raises as `meeting.meet`."""
        from sparekey.device.cameras.meeting import meet

        return meet(typed, self.reach, self.agent.entropy)

    def search(self) -> list[Seen]:
        """Cameras in the network that are not in the list. Takes some seconds."""
        from sparekey.device.cameras.searching import Searching

        if self._searching is None:
            self._searching = Searching(self)
        return self._searching.search()

    def add(self, met: Met, name: str, mac: str) -> Camera | None:
        """Add whoever was met; None when there is one at this address already, or no room for more."""
        ours = met.control is Control.LINK
        moment = self.agent.now().moment
        return self.cameras.add(
            Camera(
                0,
                name,
                met.page,
                met.service,
                met.control,
                brand=BRAND_OF_OURS if ours else "",
                mac=mac,
                pin=met.pin,
                state=State.FACTORY if met.factory else State.NEW,
                seen_age=self.agent.age(),
                seen_wall=moment.wall,
            )
        )

    def talk(self, camera: Camera) -> Talk | None:
        """How to speak with a camera; None when only its page is known. Raises as `Reach.target`."""
        if camera.control is Control.NONE:
            return None
        if camera.control is Control.LINK:
            return self.own_talk(camera)
        target = self.reach.target(camera.service)
        from sparekey.device.cameras.onvif import OnvifTalk

        return OnvifTalk(target, self.agent.entropy, camera.pin, in_the_open=camera.in_the_open)

    def own_talk(self, camera: Camera) -> OwnTalk:
        """How to speak with a camera of ours. Raises as `Reach.target`."""
        from sparekey.device.cameras.own import OwnTalk

        return OwnTalk(self.reach.target(camera.service), self.agent.entropy, camera.pin)

    def look(self, camera: Camera) -> Heard:
        """Ask a camera how it is, without a password, and write that down."""
        from sparekey.device.cameras.talk import Heard

        try:
            talk = self.talk(camera)
        except SparekeyError:
            talk = None
        if talk is None:
            return Heard.REFUSED
        look = talk.look()
        if look.heard is Heard.RIGHT:
            known = State.OK if camera.kept else State.NEW
            away = camera.state in (State.OFFLINE, State.FACTORY, State.OTHER_KEY)
            self.note(camera, State.FACTORY if look.factory else known if away else camera.state)
        elif look.heard is Heard.OTHER_KEY:
            self.note(camera, State.OTHER_KEY)
        elif look.heard in (Heard.SILENT, Heard.GARBLED):
            self.note(camera, State.OFFLINE)
        return Heard.FACTORY if look.heard is Heard.RIGHT and look.factory else look.heard

    def note(self, camera: Camera, state: State) -> None:
        """Write down how a camera is now."""
        self.cameras.note(camera.id, state, self.agent.age(), self.agent.now().moment.wall)

    # New passwords

    @property
    def changing(self) -> Changing:
        """What gives cameras new passwords."""
        from sparekey.device.cameras.changing import Changing

        if self._changing is None:
            self._changing = Changing(self)
        return self._changing

    def changeable(self) -> list[Camera]:
        """The cameras that can be given new passwords."""
        return [camera for camera in self.cameras.all() if can_change(camera)]

    def give_all(self, password: Secret | None, generation: int, old: Secret | None = None) -> None:
        """Every camera that can gets a new password: `password`, or one of its own. It goes on when this returns."""
        staged = self.changing.stage(generation)
        for camera in staged:
            self.soon(camera.id, password, old)

    def recover(
        self, choose: Callable[[], Refusal | None], password: Secret, *, shared: bool
    ) -> Refusal | None:
        """Set the recorder's new password by `choose`, and the cameras' along with it. What they are to get lies down
        first, for the generation that the recovery will bring; a recovery that is refused, or fails, takes it back.
        """
        generation = self.agent.record.generation + 1
        staged = self.changing.stage(generation)
        try:
            refusal = choose()
        except UnavailableError:
            if self.agent.record.generation < generation:
                self.changing.drop(generation)
            raise
        if refusal is Refusal.STORE_WAITS:
            return refusal  # it may still come about; then the cameras get passwords of their own
        if refusal is not None:
            self.changing.drop(generation)
            return refusal
        for camera in staged:
            self.soon(camera.id, password if shared else None)
        return None

    def soon(self, number: int, password: Secret | None, old: Secret | None = None) -> None:
        """Carry out what was laid down for a camera, now, in a thread. What does not come about waits for `round`."""

        def change() -> None:
            if password is None:
                self.changing.go_on(number)
            else:
                self.changing.share(number, password, old)

        self._workers.submit(change)

    def round(self) -> None:
        """What a minute brings: changes that wait are tried again, and every camera is asked how it is."""
        for number in self.changing.due():
            self.changing.go_on(number)
        for camera in self.cameras.all():
            if camera.control is not Control.NONE and camera.change is None:
                self.look(camera)

    def carry(self) -> None:
        """Take the cameras' enrolments along to the desk, and hand its answers back. May take long."""
        from sparekey.device.cameras.relaying import Relaying

        if self._relaying is None:
            self._relaying = Relaying(self)
        self._relaying.round()

    def carry_soon(self) -> None:
        """Have every camera asked at once, also one whose time has not come."""
        if self._relaying is not None:
            self._relaying.ask_all = True
        self.agent.stir()

    # The camera's own page

    def open_page(self, camera: Camera, session: str) -> tuple[int, str]:
        """The port of the camera's door, open now, and a ticket that passes it once. `session`: of the administrator
        who asks. Raises InputError, UnavailableError.
        """
        if self.keeper is None:
            raise UnavailableError("door", "this recorder shows no pages of cameras")
        target = self.reach.target(camera.page)
        port = self.keeper.open(camera)
        return port, self.tickets.issue(camera.id, session, target)

    def relay(self, camera: Camera, port: int) -> Relay:
        """What stands at a camera's door."""
        from sparekey.device.cameras.doors.relay import Relay

        def pin() -> bytes | None:
            kept = self.cameras.get(camera.id)
            return kept.pin if kept else bytes(32)

        return Relay(
            camera.id,
            port,
            tickets=self.tickets,
            own_names=self._own_names,
            entropy=self.agent.entropy,
            pin=pin,
            pinned=lambda key: self.cameras.pin(camera.id, key),
            may=self.reach.may,
        )

    def _holds(self, session: str) -> bool:
        """Whether a session of the recorder still is an administrator's. Looking does not keep it awake."""
        name = self.agent.signed_in(session, stays=False)
        account = self.agent.record.account(name or "")
        return account is not None and account.role is Role.ADMIN

    def _ports(self) -> set[int]:
        own = {listener.port for listener in self.agent.config.listeners}
        first = self.doors.port if self.doors else 0
        return own | set(range(first, first + CAMERAS_LIMIT)) if first else own


def can_change(camera: Camera) -> bool:
    """Whether the recorder can give this camera a new password."""
    return camera.control is not Control.NONE and (camera.kept or camera.state is State.FACTORY)


def _is_own(address: str) -> bool:
    """Whether an address is one of this machine's: what is sent there comes from there."""
    return own_address_towards(address) == address.partition("%")[0]


def _near() -> list[Network]:
    try:
        return [network for interface in interfaces() for network in interface.networks]
    except UnavailableError:
        return []
