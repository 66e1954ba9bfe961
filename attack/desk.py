"""The attacker at a desk and at a recorder that belongs to it, both ends at once.

Strangers open cases for devices that are not theirs, guess every code, replay and bend what they photographed, carry
squares, answers and trust files to where they do not belong, and call with stolen tokens. A thief has the cookies of an
agent and of an owner; somebody of the staff wants into a device of their own. Between them honest people go on.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from attack.doors import Doors
from attack.judge import SHOWN, Judge
from attack.people import People
from attack.referee import PromiseBrokenError
from attack.site import Front, Owned, Site
from attack.strangers import OWN, SERIALS, Strangers
from attack.thieves import Thieves
from attack.wire import Client, Who
from sparekey.testing.authenticator import Authenticator
from tests.desk.room import HOST

if TYPE_CHECKING:
    from pathlib import Path

PAUSES = (1, 5, 60, 60, 300, 1800, 3600, 3600, 7200, 86_400)
"""Seconds."""


class Desk:
    """One desk, three devices of owners, one real recorder, and everybody around."""

    def __init__(self, folder: Path, name: str, dice: random.Random, *, at_screen: bool = False) -> None:
        self.dice, self.judge = dice, Judge()
        self.site = Site(folder, self.judge)
        self.devices = [
            Owned(self.site, serial, f"owner-{place}@example.org") for place, serial in enumerate(SERIALS)
        ]
        self.insiders = Owned(self.site, "QX9001-40777", "ivan@example.net")
        self.strangers_own = Owned(self.site, "QX9001-40666", OWN)
        for device in (*self.devices, self.insiders, self.strangers_own):
            device.register()
        for device in self.devices:
            self.judge.knows(device)
        self.site.registry.registrar.own(self.insiders.serial, self.site.insider.id)
        self.judge.owned[self.insiders.serial].add(self.site.insider.id)
        self.judge.bystander(self.insiders, self.strangers_own)
        self.people = People(self.site, self.judge, dice, self.devices)
        self.site.work()
        self.judge.opens_doors()
        self._captured()
        front = folder / "recorder"
        front.mkdir()
        self.doors = Doors(Front(front, self.site, name), dice, at_screen=at_screen)
        self.doors.recorder.register()  # type: ignore[attr-defined]
        self.strangers = Strangers(self)
        thieves = Thieves(self)
        self.programs = [self.site.client(Who.STRANGER, f"203.0.113.{20 + number}") for number in range(2)]
        self.clients = [self.site.client(Who.STRANGER, f"203.0.113.{number}") for number in range(5)]
        self.mine: list[tuple[Client, str, str]] = []
        """Cases that strangers opened: in which browser, number, and code where they were shown one."""
        self._acts = [*self.strangers.acts, *thieves.acts]
        self.before = [self.site.standing_of(device.serial) for device in self.devices]

    def _captured(self) -> None:
        """What strangers photographed: a square and a file of each device, and what a thief copied."""
        self.squares = [device.asks_mail() for device in self.devices] + [self.strangers_own.asks_mail()]
        for square in self.squares:
            self.judge.presses(square)
        self.files = [device.asks_person() for device in (*self.devices, self.strangers_own)]
        self.pairings = [device.path(device.square()) for device in self.devices]
        staff = (self.site.agent, self.site.approvers[0], self.site.admin)
        self.thief, self.chief, self.boss = (
            self.site.client(Who.THIEF, f"203.0.113.{90 + place}", member)
            for place, member in enumerate(staff)
        )
        self._steal_sessions()
        self.owner = self._stolen_phone()
        self.forger = Authenticator(self.site.office.origin, self.site.entropy)
        self.forger.make(json.dumps({"rp": {"id": HOST}, "user": {"id": "AAAA"}, "challenge": "AAAA"}))

    def _steal_sessions(self) -> None:
        """Copy the cookies again: the old ones are over."""
        for thief in (self.thief, self.chief, self.boss):
            assert thief.member is not None
            thief.cookies = self.people.session_of(thief.member)

    def _stolen_phone(self) -> Client:
        """An owner signed in, paired, and laid the phone down."""
        device, phone = self.devices[0], self.site.client(Who.HONEST, "198.51.100.7")
        phone.get("/devices")
        phone.press("/devices/sign-in", {"address": device.address})
        self.site.work()
        phone.press("/devices/code", {"code": SHOWN.findall(self.site.post.taken[-1].part("plain"))[0]})
        path = device.path(device.square())
        phone.get(path)
        phone.press(path)
        stolen = self.site.client(Who.THIEF, "203.0.113.93", self.site.agent)
        stolen.cookies = dict(phone.cookies)
        self.site.clock.forward(1000)
        return stolen

    def only(self, *names: str) -> None:
        """Nobody attacks in another way than these."""
        self._acts = [act for act in self._acts if act.__name__.strip("_") in names]

    def play(self, steps: int) -> int:
        """An episode. Returns the steps that were made."""
        with self.doors.referee.watching():
            for step in range(steps):
                self._step()
                if step % 4 == 0:
                    self.site.work()
                if step % 50 == 0:
                    self.nothing_changed()
            self.nothing_changed()
            self._owners_get_in()
        return steps

    def _step(self) -> None:
        chance = self.dice.random()
        if chance < 0.2:
            self.people.act()
        elif chance < 0.3:
            with self.doors.referee.strangers(at_screen=self.doors.at_screen):
                self.doors.stranger()
        elif chance < 0.303:
            self.site.reboot()
        elif chance < 0.35:
            self._wait()
        else:
            self.dice.choice(self._acts)()

    def _wait(self) -> None:
        """Time passes at both ends. The worker was there before."""
        self.site.work()
        seconds = self.dice.choice(PAUSES)
        self.site.clock.forward(seconds)
        self.doors.recorder.clock.forward(seconds)
        self.doors.recorder.agent.tick()
        if seconds > 1800:
            self._steal_sessions()

    def nothing_changed(self) -> None:
        """What the registry knows of the owners' devices is theirs to change."""
        if [self.site.standing_of(device.serial) for device in self.devices] != self.before:
            raise PromiseBrokenError("strangers changed what the desk knows of a device")

    def _owners_get_in(self) -> None:
        """A day later at most a code comes by mail, and the recorder takes it: nobody is pushed to an erase."""
        self.site.work()
        self.site.clock.forward(86_400)
        self.doors.recorder.clock.forward(86_400)
        for device in self.devices:
            for _ in self.people.mail_code(device):
                pass
        self.doors.owner_recovers()
