"""What can be invented: values, names, messages, states."""

from __future__ import annotations

from hypothesis import strategies as st

from sparekey.core.codec import DEPTH_LIMIT, Value
from sparekey.core.codes import ALPHABET, code_from_bits
from sparekey.core.crypto import Argon2Cost, PasswordHash
from sparekey.core.messages.request import Header, Kind, MailBody, fitting
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.values import Identity

NAMING = "ABCabc019 ._/-"
INTEGERS = st.integers(-(1 << 64), (1 << 64) - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | INTEGERS | st.binary(max_size=40) | TEXTS


def deep(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Values that hold other values."""
    maps = st.dictionaries(INTEGERS, inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5)
    return st.lists(inner, max_size=5) | maps


def depth(value: Value) -> int:
    """Values inside one another."""
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1


VALUES = st.recursive(SCALARS, deep, max_leaves=20).filter(lambda value: depth(value) < DEPTH_LIMIT)


def labels(limit: int) -> st.SearchStrategy[str]:
    """Serials, models, firmware versions."""
    return st.text(NAMING, min_size=1, max_size=limit)


IDENTITIES = st.builds(Identity, labels(48), labels(24), labels(24))
CODES = st.integers(0, (1 << 35) - 1).map(code_from_bits)
NUMBERS = st.text(ALPHABET, min_size=8, max_size=8)
ADDRESSES = st.builds(
    lambda local, host: f"{local}@{host}.example.com",
    st.text("abcXYZ019+_-", min_size=1, max_size=20),
    st.text("abc019", min_size=1, max_size=20),
)
KEYS = st.binary(min_size=32, max_size=32)
IDS = st.binary(min_size=8, max_size=8)
HEADERS = st.builds(
    Header,
    kind=st.just(Kind.MAIL),
    desk=IDS,
    key=IDS,
    identity=IDENTITIES,
    number=NUMBERS,
    tls=KEYS,
    valid=st.integers(1, 14 * 86_400),
    made=st.none() | st.integers(0, 1 << 40),
)
BODIES = st.builds(
    MailBody,
    code=CODES,
    addresses=st.lists(ADDRESSES, min_size=1, max_size=2).map(lambda found: fitting(tuple(found))),
    locale=st.sampled_from(["en", "cs", "x"]),
    account=st.text("abcZ09._-", min_size=1, max_size=32),
    ticket=st.none() | st.binary(min_size=16, max_size=16),
)
SEVERAL = st.lists(KEYS, min_size=1, max_size=4).map(tuple)
TRUSTS = st.builds(
    Trust,
    desk=IDS,
    name=st.text("Podpora Příklad 24", min_size=1, max_size=20),
    prefix=st.sampled_from(["HTTPS://DESK.EXAMPLE.COM/R/", "HTTP://LOCALHOST:8600/R/"]),
    version=st.integers(1, 1 << 32),
    sealing=st.just(()) | SEVERAL.map(lambda keys: ((Purpose.MAIL, keys),)),
    signing=SEVERAL,
    revoked=st.lists(IDS, max_size=5).map(tuple),
)
HASHES = st.builds(
    PasswordHash,
    st.builds(Argon2Cost, st.integers(8, 1 << 20), st.integers(1, 9), st.integers(1, 4)),
    st.binary(max_size=16),
    KEYS,
)
