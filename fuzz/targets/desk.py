"""What comes to a desk, and to an installer's tool, beside messages: statements, photos, lists, passkeys, settings."""

from __future__ import annotations

import io
from contextlib import suppress

from PIL import Image

from fuzz.target import Target, of_text
from fuzz.targets.messages import RESPONSE, TEXTS
from sparekey.core.errors import UntrustedError
from sparekey.desk.cases.typed import Typed, read_typed
from sparekey.desk.config import DeskConfig, check_url, host_and_port
from sparekey.desk.console.sign_in import read_challenge
from sparekey.desk.orders.camt import read_statement
from sparekey.desk.orders.money import read_amount
from sparekey.desk.photo import read_photo
from sparekey.desk.proxies import networks
from sparekey.desk.registry.factory_list import _lines as lines
from sparekey.desk.registry.factory_list import _read as line_of
from sparekey.desk.staff.passkeys import Passkeys
from sparekey.desk.staff.people import Passkey, Person
from sparekey.desk.store.postgres import read_address
from sparekey.finder.answers import read_answers
from sparekey.finder.logins import parse_logins
from sparekey.finder.place import read_place
from sparekey.host.config import parse
from sparekey.testing.authenticator import Authenticator
from sparekey.testing.bank import Transfer, statement
from sparekey.testing.entropy import FixedEntropy
from sparekey.web import qr

IBAN = "CZ6508000000192000145399"
PERSON = Person("jane", "Jane")
KEY = Passkey(bytes(8), "jane", "key", bytes(16), bytes.fromhex("a4010103272006215820") + bytes(32), 0, 0)
NOW = 1_790_000_000
ORIGIN = "https://desk.example.com"
PASSKEYS = Passkeys(host="desk.example.com", origin=ORIGIN, desk="Example support")
SETTINGS = b"""name = "Example support"
url = "https://desk.example.com"
trusted_proxies = ["192.0.2.1"]
[smtp]
host = "mail.example.com"
port = 587
sender = "desk@example.com"
[[witnesses]]
name = "w1.example.com"
url = "https://w1.example.com/"
"""


def typed(text: str) -> object:
    """What a caller read out, one field a line."""
    parts = [*text.split("\n"), "", "", "", "", ""][:5]
    return read_typed(Typed(*parts), NOW)


def factory(data: bytes) -> object:
    """Every line of a factory's list."""
    return [line_of(line, place) for place, (_, line) in enumerate(lines(io.BytesIO(data)), 1)]


def pictures() -> list[bytes]:
    """A photo of a square in each of the forms that are read."""
    picture = Image.open(io.BytesIO(qr.png("HTTPS://DESK.EXAMPLE.COM/R/0000", 2))).convert("L")
    found = []
    for form in ("PNG", "JPEG", "WEBP"):
        made = io.BytesIO()
        picture.save(made, form)
        found.append(made.getvalue())
    return found


def passkey(text: str) -> object:
    """A browser's answer, as an answer to each of the questions."""
    with suppress(UntrustedError):
        PASSKEYS.signed(text, bytes(32), KEY)
    return PASSKEYS.made(text, bytes(32))


def touches() -> list[bytes]:
    """What an authenticator makes and signs."""
    own = Authenticator(ORIGIN, FixedEntropy())
    made = own.make(PASSKEYS.to_make(PERSON, bytes(32)))
    return [made.encode(), own.sign(PASSKEYS.to_sign(bytes(32))).encode()]


TARGETS = [
    Target(
        "statement",
        lambda data: read_statement(data, IBAN),
        lambda: [
            statement(
                IBAN, (Transfer("1500.00", symbol="2026000017"), Transfer("1.50", "EUR")), version=version
            )
            for version in (2, 8)
        ],
    ),
    Target("amount", of_text(read_amount), lambda: [b"1500.00", b"0.5"]),
    Target("photo", read_photo, pictures),
    Target(
        "typed",
        of_text(typed),
        lambda: [b"PX-3216-0001\n2026-11-25 10:11:12\n4F7Q-0001\n02-00-5e-00-53-07\n2026-11-25"],
    ),
    Target("factory-list", factory, lambda: [b"serial,sha256\nPX-3216-0001," + b"0f" * 32 + b"\n"]),
    Target("passkey", of_text(passkey), touches),
    Target("challenge", of_text(read_challenge), lambda: [b"A" * 43]),
    Target("desk-settings", of_text(lambda text: parse(text, DeskConfig, "desk.toml")), lambda: [SETTINGS]),
    Target("desk-url", of_text(check_url), lambda: [b"https://desk.example.com"]),
    Target("desk-listen", of_text(host_and_port), lambda: [b"127.0.0.1:8600", b"[::1]:8600"]),
    Target("proxies", of_text(lambda text: networks(text.split(","))), lambda: [b"192.0.2.0/24,2001:db8::1"]),
    Target("database-address", of_text(read_address), lambda: [b"postgresql://desk@db.example.com/desk"]),
    Target(
        "logins",
        lambda data: parse_logins(data, "a file"),
        lambda: [b"address,user,password\n192.0.2.4,admin,x\n"],
    ),
    Target("answers", lambda data: read_answers(data, [], NOW), lambda: [RESPONSE, *TEXTS]),
    Target("place", of_text(read_place), lambda: [b"192.0.2.4", b"https://[2001:db8::7]:8543"]),
]
