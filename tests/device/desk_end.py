"""The desk's end of a device's line, in memory: it opens what it gets, and answers as a test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sparekey.core.crypto import sha256
from sparekey.core.errors import UnavailableError
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.enrol_reply import EnrolReply, make_reply
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.notice import NoticeBody
from sparekey.core.messages.request import MailBody, read_request
from sparekey.core.messages.trust import sign_trust
from sparekey.device.desk_line import DeskLine
from tests.device.recorder import ROOT, Recorder

if TYPE_CHECKING:
    from sparekey.core.messages.trust import Trust
    from sparekey.desklink.client import DeskLink

TICKET = bytes(range(16))


class DeskEnd:
    """`says`: the next verdicts on enrolments and notices; without any, all is taken."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.trust_file: Trust = recorder.desk.trust
        self.up = True
        self.says: list[LinkVerdict] = []
        self.enrolled: list[EnrolBody] = []
        self.noticed: list[NoticeBody] = []
        self.mailed: list[MailBody] = []
        self.calls = 0
        self.line = DeskLine(recorder.agent, lambda _: cast("DeskLink", self))
        recorder.agent.send_again = self.line.send_again

    def reply(self, sealed: bytes) -> bytes:
        body = self.recorder.desk.open(read_request(sealed))
        assert isinstance(body, EnrolBody)
        answer = EnrolReply(sha256(sealed), TICKET, sign_trust(self.trust_file, ROOT), 1)
        return make_reply(answer, body.key)

    def letters(self, sealed: Sequence[bytes]) -> list[LinkAnswer]:
        """As the client of the link does it: a call for each kind."""
        takes = {Kind.ENROL: self.enrol, Kind.MAIL: self.mail, Kind.NOTICE: self.notify}
        answers: dict[bytes, LinkAnswer] = {}
        for kind, take in takes.items():
            of_kind = [letter for letter in sealed if read_request(letter).header.kind is kind]
            answers |= zip(of_kind, take(of_kind) if of_kind else [], strict=True)
        return [replace(answers[letter], request=sha256(letter)) for letter in sealed]

    def enrol(self, requests: Sequence[bytes]) -> list[LinkAnswer]:
        return [self._one(sealed) for sealed in self._heard(requests)]

    def notify(self, notices: Sequence[bytes]) -> list[LinkAnswer]:
        found = []
        for sealed in self._heard(notices):
            verdict = self._verdict()
            if verdict is LinkVerdict.TAKEN:
                body = self.recorder.desk.open(read_request(sealed))
                assert isinstance(body, NoticeBody)
                self.noticed.append(body)
            found.append(LinkAnswer(verdict))
        return found

    def mail(self, requests: Sequence[bytes]) -> list[LinkAnswer]:
        for sealed in self._heard(requests):
            body = self.recorder.desk.open(read_request(sealed))
            assert isinstance(body, MailBody)
            self.mailed.append(body)
        return [LinkAnswer(LinkVerdict.TAKEN) for _ in requests]

    def trust(self) -> bytes:
        return sign_trust(self.trust_file, ROOT)

    def _one(self, sealed: bytes) -> LinkAnswer:
        verdict = self._verdict()
        if verdict is not LinkVerdict.TAKEN:
            return LinkAnswer(verdict, self.trust() if verdict is LinkVerdict.UNKNOWN_KEY else b"")
        body = self.recorder.desk.open(read_request(sealed))
        assert isinstance(body, EnrolBody)
        self.enrolled.append(body)
        return LinkAnswer(verdict, self.reply(sealed))

    def _verdict(self) -> LinkVerdict:
        return self.says.pop(0) if self.says else LinkVerdict.TAKEN

    def _heard(self, items: Sequence[bytes]) -> Sequence[bytes]:
        if not self.up:
            raise UnavailableError("desk-unreachable", "nobody there")
        self.calls += 1
        return items
