"""Known answers that others published, with their sources: example values of documents or their tests."""

from __future__ import annotations

import base64

LEAVES = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The eight classic leaves of the Certificate Transparency tests (RFC 6962 and its implementations)."""

ROOTS = [bytes.fromhex(root) for root in (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]  # fmt: skip
"""The roots of the trees of 0 to 8 of them; same source."""

HELLO: dict[str, object] = {
    "entries": [b"hello world"],
    "root": base64.b64decode("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0="),
}
"""From the tests of the Go checksum database (golang.org/x/mod/sumdb/tlog)."""

_FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
_PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
_ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"

KEYS = [
    ("the key of the example in C2SP signed-note", _FOO, "example.com/foo", 1, "530d903a"),
    ("the first key of golang.org/x/mod/sumdb/note", _PETER, "PeterNeumann", 1, "c74f20a3"),
    ("the second key of golang.org/x/mod/sumdb/note", _ENOCH, "EnochRoot", 1, "af0cfe78"),
]

OTHER_TYPE_KEY = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""From the tests of golang.org/x/mod/sumdb/note: its id is right, its type is nobody's."""

_GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)


def _line(name: str, signature: str) -> str:
    return f"— {name} {signature}\n"


_FOO_LINE = _line(
    "example.com/foo",
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
)
_PETER_LINE = _line(
    "PeterNeumann",
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
)
_ENOCH_LINE = _line(
    "EnochRoot",
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=",
)
_SOFA_LINE = _line(
    "example.com/behind-the-sofa",
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=",
)
_WITNESS_LINE = _line(
    "witness.example.com/w1",
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==",
)
_GO_NOTE = f"{_GO_TEXT}\n{_PETER_LINE}{_ENOCH_LINE}"

NOTES: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "the example of C2SP signed-note",
        f"This is an example message.\n\n{_FOO_LINE}",
        (_FOO,),
        ("example.com/foo",),
    ),
    ("two signatures, one key known (Go)", _GO_NOTE, (_PETER,), ("PeterNeumann",)),
    ("two signatures, both keys known (Go)", _GO_NOTE, (_PETER, _ENOCH), ("PeterNeumann", "EnochRoot")),
    ("two signatures, no key known (Go)", _GO_NOTE, (), ()),
    ("a signature twice counts once (Go)", _GO_NOTE + _PETER_LINE, (_PETER,), ("PeterNeumann",)),
]
"""Name, note, trusted keys, signers among them."""

CHECKPOINT = (
    "the example of C2SP tlog-checkpoint",
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    20852163,
    base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="),
)

COSIGNED = (
    "the example of C2SP tlog-cosignature, whose keys are not published",
    f"{CHECKPOINT[1]}\n{_SOFA_LINE}{_WITNESS_LINE}",
    "witness.example.com/w1",
    1679315147,
)
"""Name, note, the witness's name, and the time in its signature, as the document tells it."""

BAD_TILE_PATHS = {
    "groups of three without their x": "tile/5/123/456/078",
    "a level below zero": "tile/-1/x123/x456/078",
    "a level with a zero in front": "tile/00/000",
    "a level beyond 63": "tile/64/000",
    "a height, as other logs write it": "tile/8/0/000",
    "an index of two digits": "tile/0/00",
    "an index with an empty group in front": "tile/0/x000/001",
    "a width of zero": "tile/0/000.p/0",
    "a width of a full tile": "tile/0/000.p/256",
    "data instead of entries": "tile/data/000",
}
"""Broken paths, some after the tests of golang.org/x/mod/sumdb/tlog."""
