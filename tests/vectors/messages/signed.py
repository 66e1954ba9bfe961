"""Vectors of what a desk or a maker signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sparekey.core import crypto
from sparekey.core.codec import Value, encode
from sparekey.core.messages.response import Answer, make_response
from sparekey.core.messages.trust import Trust, sign_trust
from sparekey.core.tlog.leaf import LeafAction
from tests.core.messages_samples import (
    ANSWER,
    FILE_SECRET,
    FULL_TRUST,
    PROOF,
    ROOT,
    ROOT_PUBLIC,
    SERIAL,
    SIGNING,
    TRUST,
    fixed,
)
from tests.vectors.messages.part import changed, decode_parts
from tests.vectors.vector import vector


def responses() -> Iterator[str]:
    signer = crypto.key_id(TRUST.signing[0])

    def made(answer: Answer = ANSWER, secret: bytes = FILE_SECRET, private: bytes = SIGNING) -> bytes:
        return make_response(answer, secret, private, PROOF)

    def packed(payload: bytes, secret: bytes = FILE_SECRET) -> bytes:
        said = b"sparekey/1 response\x00" + payload
        return encode([payload, crypto.mac(secret, said), signer, crypto.sign(SIGNING, said), PROOF])

    def about(data: bytes, trust: Trust = FULL_TRUST) -> dict[str, object]:
        return {
            "request-hash": ANSWER.request,
            "serial": SERIAL,
            "file-secret": FILE_SECRET,
            "trust": sign_trust(trust, ROOT),
            "root": ROOT_PUBLIC,
            "response": data,
        }

    erase = replace(ANSWER, action=LeafAction.ERASE, approvers=(bytes(8), b"\xff" * 8), cameras=False)
    for name, answer in (("a new password", ANSWER), ("erase and default", erase)):
        more = {"action": answer.action.value, "issued": answer.issued, "expires": answer.expires}
        yield vector(name, "ok", about(made(answer)) | more | {"cameras": answer.cameras})
    parts = decode_parts(made())
    payload = ANSWER.encoded
    for name, why, fields in (
        ("another desk", "other-desk", about(made(replace(ANSWER, desk=bytes(8))))),
        ("another request", "other-request", about(made()) | {"request-hash": bytes(32)}),
        ("another device", "other-device", about(made()) | {"serial": "PX-3216-0002"}),
        ("another file secret", "mac", about(made(secret=fixed("another secret")))),
        (
            "a later end, signed again",
            "mac",
            about(packed(changed(payload, {7: ANSWER.expires + 1}), bytes(32))),
        ),
        ("an older policy than the floor", "old-policy", about(made(replace(ANSWER, policy=6)))),
        ("a signer that nobody named", "unknown-signer", about(made(private=fixed("stranger")))),
        ("a revoked signer", "revoked-signer", about(made(), replace(FULL_TRUST, revoked=(signer,)))),
        ("a damaged signature", "signature", about(encode([*parts[:3], bytes(64), parts[4]]))),
    ):
        yield vector(name, "untrusted response", fields, wrong=why)
    for name, slug, data in (
        ("an action that nobody knows", "field", {5: "open-everything"}),
        ("a choice of actions", "field", {5: "new-password-or-default"}),
        ("erase by one person", "leaf-approvers", {5: "erase-and-default"}),
        ("the end before the beginning", "field", {7: ANSWER.issued}),
        ("valid for more than 14 days", "field", {7: ANSWER.issued + 1_209_601}),
        ("an unknown option", "unknown-field", {8: {1: True, 2: 1}}),
        ("approvers out of order", "leaf-approvers", {10: [b"\xff" * 8, bytes(8)]}),
        ("an unknown critical field", "unknown-field", {11: 1}),
    ):
        put: dict[int, Value] = dict(data)
        yield vector(name, f"malformed {slug}", about(packed(changed(payload, put))))
    yield vector("no proof from the log", "malformed field", about(encode([*parts[:4], b""])))
    yield vector("four parts", "malformed field", about(encode(parts[:4])))
