"""A device that tells its desk about itself, and a desk that answers, played by hand."""

from __future__ import annotations

from sparekey.core import enrolling
from sparekey.core.codes import Code, code_from_bits, number_from_entropy
from sparekey.core.crypto import sha256
from sparekey.core.device import events
from sparekey.core.enrolled import Confirming, Enrolment
from sparekey.core.errors import Refusal
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.enrol_reply import EnrolReply, ReplyFile, make_reply, read_reply
from sparekey.core.messages.request import MailBody, read_request
from sparekey.core.values import Face
from sparekey.testing.world import World

CODE = code_from_bits(12_345_678_901)
TICKET = bytes(range(16))


def sealed(world: World, token: bytes | None = None) -> Enrolment:
    """What the device would send now."""
    device = world.device
    number = number_from_entropy(bytes(5))
    return enrolling.enrolment(
        device.record, device.situation, number=number, tls=bytes(32), locale="cs", token=token
    )


def inside(world: World, enrolment: Enrolment) -> EnrolBody:
    """What the desk reads in it."""
    body = world.desk.open(read_request(enrolment.sealed))
    assert isinstance(body, EnrolBody)
    return body


def reply(world: World, enrolment: Enrolment, epoch: int = 1, key: bytes | None = None) -> ReplyFile:
    """What a desk answers. `key`: another K than the sealed one."""
    request = sha256(enrolment.sealed)
    used = inside(world, enrolment).key if key is None else key
    return read_reply(make_reply(EnrolReply(request, TICKET, b"a trust file", epoch), used))


def enrol(world: World, epoch: int = 1) -> Enrolment:
    """Sealed, sent, answered."""
    made = sealed(world)
    assert world.device.tell(events.EnrolmentSealed(made)) is None
    assert world.device.tell(events.EnrolmentAnswered(reply(world, made, epoch))) is None
    return made


def confirming(world: World, code: Code = CODE) -> Confirming:
    """A code on its way to the reserved address."""
    device = world.device
    number = number_from_entropy(bytes(5))
    return enrolling.confirming(
        device.record, device.situation, number=number, code=code, tls=bytes(32), locale="en"
    )


def confirm(world: World) -> Refusal | None:
    """The administrator asks for a code, finds it in the mail, and types it."""
    made = confirming(world)
    refusal = world.device.tell(events.ConfirmationOpened("admin", made))
    if refusal:
        return refusal
    mail = world.desk.open(read_request(made.sealed))
    assert isinstance(mail, MailBody)
    assert mail.confirms
    return world.device.tell(events.AddressConfirmed("admin", mail.code, Face.NETWORK))
