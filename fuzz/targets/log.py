"""The recovery log: notes, tiles, proofs, and what is handed to a witness."""

from __future__ import annotations

from fuzz.target import Target, of_text
from sparekey.core.tlog.checkpoint import open_checkpoint, read_checkpoint
from sparekey.core.tlog.leaf import read_leaf
from sparekey.core.tlog.note import read_note, read_verifier_key
from sparekey.core.tlog.proof import check_proof, read_proof
from sparekey.core.tlog.tiles import Bundle, bundle_bytes, read_bundle, read_tile, read_tile_path
from sparekey.monitor.witness import _read
from tests.core.tlog.orchard import LOG_PUBLIC, NO_WITNESSES, ORIGIN, WITNESSES, Log, issued, witness_key

LOG = Log().add(issued())
NOTE = LOG.note(WITNESSES)


def tile(data: bytes) -> object:
    """The first line names a tile or a bundle, the rest is what stands there."""
    path, _, content = data.partition(b"\n")
    named = read_tile_path(path.decode("utf-8", "surrogateescape"))
    return read_bundle(named, content) if isinstance(named, Bundle) else read_tile(named, content)


def proof(data: bytes) -> object:
    """Read, and checked against an entry."""
    return check_proof(issued(), read_proof(data), ORIGIN, [LOG_PUBLIC], NO_WITNESSES)


TARGETS = [
    Target("note", read_note, lambda: [NOTE.encoded]),
    Target("checkpoint", of_text(read_checkpoint), lambda: [NOTE.text.encode()]),
    Target(
        "signed-checkpoint",
        lambda data: open_checkpoint(read_note(data), ORIGIN, [LOG_PUBLIC]),
        lambda: [NOTE.encoded],
    ),
    Target(
        "verifier-key", of_text(read_verifier_key), lambda: [witness_key(next(iter(WITNESSES))).text.encode()]
    ),
    Target("leaf", read_leaf, lambda: [issued().encoded]),
    Target("log-proof", proof, lambda: [LOG.proof(0).encoded]),
    Target(
        "tile",
        tile,
        lambda: [
            b"tile/0/000.p/2\n" + bytes(64),
            b"tile/entries/000.p/1\n" + bundle_bytes([issued().encoded]),
            b"tile/1/x001/234\n" + bytes(256 * 32),
        ],
    ),
    Target("submission", _read, lambda: [b"old 1\n" + b"A" * 43 + b"=\n\n" + NOTE.encoded]),
]
