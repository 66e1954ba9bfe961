"""The next version of a trust file: what it says, before the maker's root signs it. Values in, values out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

from sparekey.core import crypto
from sparekey.core.errors import InputError
from sparekey.core.messages.trust import KEYS_LIMIT, LOGS_LIMIT, REVOKED_LIMIT, Purpose, Trust
from sparekey.core.tlog.checkpoint import log_key
from sparekey.core.tlog.witness import WitnessPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sparekey.core.tlog.note import VerifierKey

_T = TypeVar("_T")


def with_opening(trust: Trust, purpose: Purpose, public: bytes) -> Trust:
    """Devices seal to this key from now on; the newest of the older ones stay."""
    sealing = tuple(
        (listed, (public, *keys)[:KEYS_LIMIT] if listed is purpose else keys)
        for listed, keys in trust.sealing
    )
    return replace(trust, sealing=sealing)


def with_signer(trust: Trust, public: bytes) -> Trust:
    """Devices take what this key signs, too. Raises InputError (`too-many-keys`)."""
    return replace(trust, signing=_room((*trust.signing, public), KEYS_LIMIT))


def with_log_key(trust: Trust, public: bytes, origin: str | None = None) -> Trust:
    """Devices take checkpoints that this key signed, too. With an `origin` they take only those of this key, in a new
    log of this name. Raises InputError (`too-many-keys`, `note-key`).
    """
    if origin is not None:
        return replace(trust, logs=(log_key(origin, public),))
    origin = trust.logs[0].name
    return replace(trust, logs=_room((*trust.logs, log_key(origin, public)), LOGS_LIMIT))


def with_witnesses(trust: Trust, witnesses: Sequence[VerifierKey], needed: int) -> Trust:
    """Devices ask for this many cosignatures of these witnesses. Raises InputError (`witness-policy`)."""
    return replace(trust, witnesses=WitnessPolicy(tuple(witnesses), needed))


def without(trust: Trust, key: bytes) -> Trust:
    """A key that nobody needs any more is left out, by its id. Raises InputError (`no-key`, `last-key`)."""
    if key not in {crypto.key_id(public) for _, public in named(trust)}:
        raise InputError("no-key", f"the trust file names no key {key.hex()}")
    return replace(
        trust,
        sealing=tuple((purpose, _rest(keys, key)) for purpose, keys in trust.sealing),
        signing=_rest(trust.signing, key),
        logs=tuple(one for one in trust.logs if crypto.key_id(one.public) != key) or _last(),
    )


def revoking(trust: Trust, key: bytes) -> Trust:
    """A leaked key is left out, and devices are told never to use it again. Raises InputError."""
    if len(trust.revoked) >= REVOKED_LIMIT:
        raise InputError("too-many-keys", f"a trust file revokes {REVOKED_LIMIT} keys at most")
    return replace(without(trust, key), revoked=(*trust.revoked, key))


def named(trust: Trust) -> Iterator[tuple[str, bytes]]:
    """Every public key of a trust file, with what it is for."""
    for purpose, keys in trust.sealing:
        yield from ((purpose.name.lower(), public) for public in keys)
    yield from (("sign", public) for public in trust.signing)
    yield from (("log", one.public) for one in trust.logs)


def _rest(keys: tuple[bytes, ...], key: bytes) -> tuple[bytes, ...]:
    return tuple(public for public in keys if crypto.key_id(public) != key) or _last()


def _last() -> NoReturn:
    raise InputError(
        "last-key", "this is the last key for its purpose: rotate first, so that another takes its place"
    )


def _room(keys: tuple[_T, ...], limit: int) -> tuple[_T, ...]:
    if len(keys) > limit:
        raise InputError(
            "too-many-keys", f"a trust file has room for {limit} of them: retire an old one first"
        )
    return keys
