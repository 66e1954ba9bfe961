"""Vectors of our own calls and their answers (spec/lan.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sparekey.core.codec import Value, decode, encode
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.policy import Afterwards
from sparekey.core.record import Action
from sparekey.core.values import MethodName, Role, Secret
from sparekey.lan.link import cameras, frame, letters, owner, recovery, ways
from sparekey.lan.link.network import Network
from tests.vectors.blocks import diagnostic
from tests.vectors.desk import HEADER, PREFIX, request
from tests.vectors.vector import vector

ABOUT = """Our own calls and their answers: spec/lan.md section 5.
read: the name of the call; with `answer` behind it, its answer; `no` is an answer that refuses.
means: diagnostic notation."""

CLAIM = "000102030405060708090a0b0c0d0e0f"
LOGIN = owner.Login("admin", Secret("an old password to lose"))
FIXED = Network("eth0", "192.0.2.20", 24, "192.0.2.1", ("192.0.2.1",))
TAKEN = LinkAnswer(LinkVerdict.TAKEN, b"a reply", bytes(range(32)))
OLD = LinkAnswer(LinkVerdict.OLD, request=bytes(range(32, 64)))
SPOKEN = recovery.Spoken("PX-3216-0001", 1_790_000_000, 20_717, "02-00-5e-00-53-01")
GRANTED = recovery.Granted(CLAIM, Action.NEW_PASSWORD, "admin", 600)


def opened() -> recovery.Opened:
    return recovery.Opened(
        CLAIM,
        MethodName.RESPONSE_FILE,
        Action.NEW_PASSWORD,
        5,
        number=HEADER.number,
        left=1_209_600,
        sealed=request("calls"),
        prefix=PREFIX,
        desk="Example support",
    )


@dataclass(frozen=True)
class Sort:
    """How one sort of message is read. `read` raises InputError."""

    read: Callable[[Fields], object] | None
    good: tuple[tuple[str, bytes], ...]


def read(name: str, data: bytes) -> object:
    """One message of a sort. Raises InputError."""
    reads = sorts()[name].read
    return frame.read_refused(data) if reads is None else reads(Fields.of(data, name))


def sorts() -> dict[str, Sort]:
    """All of them with good examples."""
    code = recovery.Opened(
        CLAIM, MethodName.SECURITY_CODE, Action.NEW_PASSWORD, 4, number="7KM2Q4XZ", left=86_400,
        spoken=SPOKEN, temporary="12345",
    )  # fmt: skip
    key = recovery.Opened(CLAIM, MethodName.KEY_FILE, Action.NEW_PASSWORD, 5, pause=30, granted=GRANTED)
    told = ways.Abilities(
        ways.Setting.DONE,
        (
            ways.Way(MethodName.RECOVERY_SHEET),
            ways.Way(MethodName.RESPONSE_FILE),
            ways.Way(MethodName.TECHNICIAN, "not-here"),
        ),
        15,
        64,
    )
    mail = recovery.Begin(MethodName.MAIL_CODE, "cs", agreed=True)
    return {
        "abilities": Sort(frame.Nothing.read, (("what can you do", ways.Ask().encoded),)),
        "abilities answer": Sort(
            ways.Abilities.read,
            (
                ("a recorder", told.encoded),
                ("a new camera", ways.Abilities(ways.Setting.OPEN, (), 8, 16, cameras=True).encoded),
            ),
        ),
        "begin": Sort(
            recovery.Begin.read,
            (
                ("a security code", recovery.Begin(MethodName.SECURITY_CODE).encoded),
                ("a mailed code after the notice", mail.encoded),
            ),
        ),
        "begin answer": Sort(
            recovery.Opened.read,
            (
                ("a request for support", opened().encoded),
                ("what is read out", code.encoded),
                ("a key file that was right", key.encoded),
            ),
        ),
        "show": Sort(recovery.Show.read, (("how it stands", recovery.Show(MethodName.MAIL_CODE).encoded),)),
        "apply": Sort(
            recovery.Apply.read,
            (
                ("a code", recovery.Apply(MethodName.MAIL_CODE, Secret("4hma-sw9q")).encoded),
                ("a file", recovery.Apply(MethodName.KEY_FILE, file=b"a key file").encoded),
            ),
        ),
        "apply answer": Sort(recovery.Granted.read, (("ten minutes", GRANTED.encoded),)),
        "password": Sort(
            recovery.Choose.read,
            (("with the cameras", recovery.Choose(Secret("a quite new sentence"), cameras=True).encoded),),
        ),
        "password answer": Sort(
            recovery.Recovered.read,
            (
                ("it reboots", recovery.Recovered("admin", Afterwards.REBOOTS).encoded),
                ("cameras follow", recovery.Recovered("admin", receipt=CLAIM).encoded),
            ),
        ),
        "cancel": Sort(recovery.Cancel.read, (("let go", recovery.Cancel("7KM2Q4XZ").encoded),)),
        "cameras": Sort(cameras.AskResults.read, (("how far", cameras.AskResults(CLAIM).encoded),)),
        "cameras answer": Sort(
            cameras.Results.read,
            (
                (
                    "one done and one off",
                    cameras.Results(
                        (
                            cameras.CameraResult("Gate", cameras.Outcome.DONE),
                            cameras.CameraResult("Garage", cameras.Outcome.WAITING),
                        )
                    ).encoded,
                ),
            ),
        ),
        "activate": Sort(
            owner.Activate.read,
            (
                ("the first password", owner.Activate(LOGIN.password, "owner@example.com").encoded),
                (
                    "with the login on the label",
                    owner.Activate(LOGIN.password, factory=owner.Login("admin", Secret("admin"))).encoded,
                ),
            ),
        ),
        "check": Sort(owner.Check.read, (("is it right", owner.Check(LOGIN).encoded),)),
        "check answer": Sort(
            owner.Known.read,
            (
                (
                    "who it is",
                    owner.Known("PX-3216-0001", "PX-3216", "1.0.0", "Front door", Role.ADMIN).encoded,
                ),
            ),
        ),
        "set-password": Sort(
            owner.SetPassword.read,
            (("another", owner.SetPassword(LOGIN, Secret("a quite new sentence")).encoded),),
        ),
        "set-user": Sort(
            owner.SetUser.read,
            (
                (
                    "the recorder's own",
                    owner.SetUser(LOGIN, "recorder", Secret("a way in for itself")).encoded,
                ),
            ),
        ),
        "set-address": Sort(
            owner.SetAddress.read,
            (
                ("reserve", owner.SetAddress(LOGIN, "owner@example.com").encoded),
                ("take away", owner.SetAddress(LOGIN, "").encoded),
            ),
        ),
        "set-network": Sort(
            owner.SetNetwork.read,
            (
                ("an address", owner.SetNetwork(LOGIN, FIXED).encoded),
                ("by DHCP", owner.SetNetwork(LOGIN, Network()).encoded),
            ),
        ),
        "fetch answer": Sort(
            letters.Letters.read,
            (
                ("one letter", letters.Letters(3, PREFIX, "Example support", (request("calls"),)).encoded),
                ("nothing to carry", letters.Letters(3, PREFIX, "Example support").encoded),
            ),
        ),
        "deliver": Sort(
            letters.Deliver.read, (("two answers", letters.Deliver(LOGIN, (TAKEN, OLD)).encoded),)
        ),
        "deliver answer": Sort(
            letters.Delivered.read,
            (
                ("one was of no use", letters.Delivered((OLD.request,)).encoded),
                ("all were taken", letters.Delivered().encoded),
            ),
        ),
        "no": Sort(
            None,
            (
                ("a wrong code", frame.Refused("wrong-code", left=3).encoded),
                ("wait", frame.Refused("paused", 30, 0).encoded),
                ("too fast", frame.Refused("too-fast", 20).encoded),
            ),
        ),
    }


def bad() -> Iterator[tuple[str, str, str, Mapping[int, Value]]]:
    """Name, sort, slug, fields: a good one with one thing wrong."""
    login: dict[int, Value] = dict(LOGIN.fields)
    sealed: dict[int, Value] = {1: CLAIM, 2: "response-file", 3: "new-password", 4: 5}
    address: dict[int, Value] = {2: "192.0.2.20", 3: 24}
    yield "a question with something in it", "abilities", "unknown-field", {1: 1}
    yield "a later version", "abilities answer", "field", {1: 2, 2: "done", 4: 15, 5: 64, 6: False}
    yield "a method that nobody knows", "begin", "field", {1: "telepathy", 2: "en", 3: False}
    yield "without a locale", "begin", "field", {1: "mail-code", 3: False}
    yield "a field of a later version", "begin", "unknown-field", {1: "mail-code", 2: "en", 3: False, 4: 1}
    yield "neither typed nor a file", "apply", "field", {1: "mail-code"}
    yield "typed and a file", "apply", "field", {1: "mail-code", 2: "4HMASW9Q", 3: b"x"}
    yield "a file too large", "apply", "field", {1: "key-file", 3: bytes(17_409)}
    yield "a pickup code in upper case", "begin answer", "claim", {**sealed, 1: CLAIM.upper()}
    yield (
        "a request under another number",
        "begin answer",
        "link",
        {**sealed, 6: "7KM2Q4X0", 8: request("calls")},
    )
    yield "a request that is none", "begin answer", "cbor-short", {**sealed, 6: "7KM2Q4XZ", 8: b"\x82"}
    yield "a password of no length", "password", "field", {1: "", 2: False}
    yield "a password with a line end", "password", "field", {1: "one\ntwo and three", 2: False}
    yield "a password longer than any", "password", "field", {1: "p" * 1025, 2: False}
    yield "a number that is none", "cancel", "bad-number", {1: "7KM2Q4XU"}
    yield "a login without a password", "check", "field", {1: "admin"}
    yield "half a label", "activate", "field", {1: "the first password", 3: "admin"}
    networks: dict[str, dict[int, Value]] = {
        "a loopback address": {2: "127.0.0.1", 3: 24},
        "a group address": {2: "224.0.0.251", 3: 24},
        "the network itself": {2: "192.0.2.0", 3: 24},
        "its broadcast address": {2: "192.0.2.255", 3: 24},
        "a gateway elsewhere": {**address, 4: "198.51.100.1"},
        "itself as gateway": {**address, 4: "192.0.2.20"},
        "a gateway by DHCP": {4: "192.0.2.1"},
        "leading zeros": {2: "192.0.2.020", 3: 24},
        "a name like an option": {1: "-a", **address},
    }
    for name, told in networks.items():
        yield name, "set-network", "network", {**login, 3: told}
    yield "a letter that is none", "fetch answer", "field", {1: 3, 2: PREFIX, 3: "Example support", 4: [1]}
    yield (
        "an answer that names no letter",
        "deliver",
        "link-answer",
        {**login, 3: [b"\xa2\x01\x01\x02\x63old"]},
    )
    yield "an answer that is none", "deliver", "field", {**login, 3: [1]}
    yield "a hash that is none", "deliver answer", "field", {1: [b"x"]}
    yield "a no without a reason", "no", "field", {2: 30}
    yield "a no that shouts", "no", "field", {1: "WRONG-CODE"}


def vectors() -> Iterator[str]:
    """All of them."""
    for name, sort in sorts().items():
        for what, data in sort.good:
            yield vector(
                f"{name}: {what}", "ok", {"read": name, "bytes": data, "means": diagnostic(decode(data))}
            )
    for what, name, slug, fields in bad():
        yield vector(f"{name}: {what}", f"malformed {slug}", {"read": name, "bytes": encode(fields)})
