"""The attacker at the real doors: the agent with its storage, its pages, its calls for programs and its ONVIF service.

Nobody here knows the pages by heart: every stranger opens links, fills in whatever form is there with what it knows,
and presses. Beside the browsers there are programs that call, other systems with ONVIF passwords of their own, a
person who may only look, and somebody with the session that the owner left open.
"""

from __future__ import annotations

import random
from typing import Any, TypeVar

from attack.referee import PromiseBrokenError, Referee
from sparekey.core.codes import code_from_bits, saved_from_bits
from sparekey.core.device.events import AccountSet
from sparekey.core.errors import Refusal
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.values import Face, MethodName, Role, Secret
from sparekey.host.driver import Driver
from sparekey.lan.http_digest import Credential
from sparekey.lan.link import owner, recovery
from sparekey.lan.onvif import client as onvif
from sparekey.lan.onvif.device import Level, User
from sparekey.lan.onvif.names import PATH as ONVIF
from tests.device import prepared
from tests.device.browser import Browser, Form
from tests.device.link import Caller
from tests.device.prepared import AT_SCREEN
from tests.device.recorder import NEW, Recorder, choose, type_in

T = TypeVar("T")

VIEWER, VIEWERS = "viewer", "somebody at the iron gate"
PROOFS = {"code", "answer1", "file"}
"""Fields of a form that takes a proof."""
SECONDS = (0, 0, 1, 5, 30, 60, 300, 3600)
WORDS = (
    "a password that is nobody's",
    "admin",
    "12345",
    VIEWERS,
    "0000-0000-0000",
    "stranger@example.com",
    "yes",
    "' OR 1=1 --",
    "\N{ZERO WIDTH SPACE}",
    "",
)


class Doors:
    """One recorder and everybody around it. `at_screen`: whether a stranger stands in front of it too."""

    def __init__(self, recorder: Recorder, dice: random.Random, *, at_screen: bool) -> None:
        self.dice, self.at_screen = dice, at_screen
        self.recorder = recorder
        self.referee = Referee(lambda: int(self.recorder.clock.uptime))
        self._watched()
        self.recorder.set_up()
        self._prepare()
        self.browsers = [self._browser(f"192.0.2.{80 + number}") for number in range(4)]
        self.stolen = self.recorder.signed_in(client="192.0.2.90")
        self.viewer = self._browser("192.0.2.91")
        self.programs = [Caller(self.recorder.app, client=f"192.0.2.{100 + number}") for number in range(2)]
        self.claims = [("", MethodName.MAIL_CODE)]
        self.onvif = self._onvif_user()
        self.person = Browser(self.recorder.app, **AT_SCREEN)

    def play(self, steps: int) -> int:
        """An episode. Returns the steps that were made."""
        with self.referee.watching():
            for _ in range(steps):
                with self.referee.strangers(at_screen=self.at_screen):
                    self.stranger()
            self.owner_recovers()
        return steps

    def stranger(self) -> None:
        """One thing that somebody does who may do nothing."""
        acts = [self._browse] * 6 + [self._call] * 4 + [self._other_system] * 2
        acts += [self._use_stolen, self._look, self._wait, self._wait]
        acts += [self._stand_there] * 4 if self.at_screen else []
        act = self._one_of(*acts)
        if self.dice.random() < 0.002:
            act = self._pull_the_plug
        act()

    # What strangers do

    def _browse(self) -> None:
        self._press_something(self._one_of(*self.browsers))

    def _use_stolen(self) -> None:
        self._press_something(self.stolen)

    def _stand_there(self) -> None:
        self._press_something(self.person)

    def _look(self) -> None:
        """A person who may only look signs in again, and then looks for more."""
        if self.dice.random() < 0.5:
            self.viewer.get("/login")
            self._fill(self.viewer, "/login", {"user": VIEWER, "password": VIEWERS})
        else:
            self._press_something(self.viewer, own=False)

    def _press_something(self, browser: Browser, *, own: bool = True) -> None:
        page = browser.page
        proving = [form for form in page.forms if PROOFS & form.values.keys()]
        if page.forms and self.dice.random() < (0.95 if proving else 0.5):
            form = self._one_of(*(proving or page.forms))
            if own or "password" not in form.action:
                self._send(browser, form)
                return
        inside = [link for link in page.links if link.startswith("/") and "." not in link]
        closer = [link for link in inside if link.startswith("/forgot/") and "cancel" not in link]
        browser.get(self._one_of("/forgot", "/login", *inside, *closer * 4))

    def _send(self, browser: Browser, form: Form) -> None:
        values = {name: self._typed(name, value) for name, value in form.values.items()}
        if form.buttons and self.dice.random() < 0.8:
            name, value = self._one_of(*form.buttons)
            values[name] = value
        if "file" in values:
            browser.upload(form.action, "a file", self._file())
        else:
            self._post(browser, form.action, values)

    def _fill(self, browser: Browser, action: str, values: dict[str, str]) -> None:
        if any(form.action == action for form in browser.page.forms):
            browser.press(action, values)

    def _post(self, browser: Browser, action: str, values: dict[str, str]) -> None:
        browser.post(action, values)

    def _typed(self, name: str, value: str) -> str:
        """What a stranger would type into a field of this name."""
        if value and self.dice.random() < 0.9:
            return value  # what stands there, hidden fields among it
        if name == "user":
            return self._one_of("admin", "admin", VIEWER, "nobody")
        if name in ("code", "password") and self.dice.random() < 0.8:
            return self._wrong_code()
        return self._one_of(*WORDS)

    def _wrong_code(self, saved: bool | None = None) -> str:
        if saved or (saved is None and self.dice.random() < 0.2):
            return saved_from_bits(self.dice.getrandbits(60)).shown
        return code_from_bits(self.dice.getrandbits(35)).shown

    def _file(self) -> bytes:
        agent = self.recorder.agent
        serial = agent.config.identity.serial
        file = KeyFile(serial, agent.record.generation, self.dice.randbytes(32), bytes(16))
        made = wrap(FileKind.KEY, file.encoded, {"Device": serial}).encode()
        return self._one_of(made, made, b"", b"no file of ours", made[:-40])

    def _call(self) -> None:
        """A program on the network calls, with the pickup code that it got or with none."""
        program, method = self._one_of(*self.programs), self._one_of(*MethodName)
        claim, held = self._one_of(*self.claims[-4:])
        if claim and self.dice.random() < 0.8:
            method = held
        saved = method is MethodName.RECOVERY_SHEET
        login = owner.Login(self._one_of("admin", VIEWER), Secret(self._one_of(*WORDS[:3])))
        asked: Any = self._one_of(
            recovery.Begin(method, agreed=True),
            recovery.Show(method),
            *[recovery.Apply(method, Secret(self._wrong_code(saved)))] * 5,
            recovery.Apply(method, None, self._file()),
            recovery.Choose(Secret(NEW)),
            recovery.Cancel("00000000"),
            owner.SetPassword(login, Secret(NEW)),
            owner.SetUser(login, "stranger", Secret(NEW)),
        )
        told = program.ask(asked, claim)
        if isinstance(told, recovery.Opened):
            self.claims.append((told.claim, method))

    def _other_system(self) -> None:
        """A system that may look over ONVIF polls, and asks for what only an administrator may."""
        by = self._one_of(self.onvif, Credential("nvr", Secret("a wrong password")), None)
        call: onvif.Call[Any] = self._one_of(
            onvif.get_device_information(),
            onvif.get_users(),
            onvif.set_user(User("nvr", Level.ADMINISTRATOR, "a stranger's password")),
            onvif.create_users(User("more", Level.ADMINISTRATOR, "a stranger's password")),
            onvif.set_system_factory_default(hard=True),
            onvif.system_reboot(),
        )
        body = call.message(by, self.dice.randbytes(16), self.recorder.clock.wall())
        headers = {"host": "recorder.test", "content-type": call.content_type}
        self._one_of(*self.programs).send("POST", ONVIF, body, headers)

    def _wait(self) -> None:
        """Time passes. The clock on the wall goes anywhere."""
        pauses = [kept.waits(self._uptime()) for kept in self.recorder.agent.record.budgets]
        self.recorder.clock.forward(self._one_of(*pauses, *SECONDS))
        self.recorder.clock.now += self._one_of(0, 0, -86_400, 86_400)
        self.recorder.agent.tick()

    def _pull_the_plug(self) -> None:
        self.recorder.reboot()
        self._watched()
        everybody: list[Any] = [*self.browsers, self.stolen, self.viewer, *self.programs, self.person]
        for each in everybody:
            each.app = self.recorder.app

    # What the owner does

    def owner_recovers(self) -> None:
        """The owner goes to the screen and gets in without losing anything, whatever the strangers did."""
        offered = self.recorder.config.policy.methods
        screen = Browser(self.recorder.app, **AT_SCREEN)
        if not self.at_screen and MethodName.MAIL_CODE in offered:
            screen, mail = self.recorder.scanning(**AT_SCREEN)
            type_in(screen, mail.code)
        elif MethodName.KEY_FILE in offered:
            self.recorder.clock.forward(3600)
            prepared.hand_in(screen, self.key_file)
        else:
            return
        if screen.page.path != "/forgot/password":
            raise PromiseBrokenError(f"the owner does not get in: {screen.page.words}")
        choose(screen)
        if not self.recorder.agent.knows("admin", NEW):
            raise PromiseBrokenError("the owner's new password does not work")
        if self.stolen.get("/home").path != "/login":
            raise PromiseBrokenError("a stolen session outlived the recovery")

    def _prepare(self) -> None:
        agent, face = self.recorder.agent, Face.SCREEN
        kept = agent.passwords.hash(VIEWERS)
        told = AccountSet("admin", agent.record.generation, face, VIEWER, Role.VIEWER, kept)
        self._yes(agent.tell(told))
        offered = self.recorder.config.policy.methods
        if MethodName.QUESTIONS in offered:
            prepared.set_questions(self.recorder)
        if MethodName.KEY_FILE in offered:
            self.key_file = prepared.make_key_file(self.recorder)
        if MethodName.RECOVERY_SHEET in offered:
            prepared.make_sheet(self.recorder)

    def _yes(self, refusal: Refusal | None) -> None:
        if refusal is not None:
            raise PromiseBrokenError(refusal.value)

    def _onvif_user(self) -> Credential:
        made = self.recorder.agent.onvif.generate("nvr", Level.ADMINISTRATOR)
        looks = self.recorder.agent.onvif.generate("wall", Level.USER)
        if not isinstance(made, User) or not isinstance(looks, User):
            raise PromiseBrokenError("other systems could not be added")
        return Credential("wall", Secret(looks.password or ""))

    def _watched(self) -> None:
        driver: Driver[Any] = self.recorder.agent._driver
        driver._step = self.referee.step

    def _browser(self, client: str) -> Browser:
        return self.recorder.browser(client=client)

    def _uptime(self) -> int:
        return self.recorder.agent.now().moment.uptime

    def _one_of(self, *things: T) -> T:
        return self.dice.choice(things)
