"""Draws QR codes (ISO/IEC 18004) that any phone's camera reads: SVG for a page, PNG for a mail or paper."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from sparekey.core.errors import MisuseError

if TYPE_CHECKING:
    from segno import QRCode

Level = Literal["L", "M"]
QUIET = 4
"""Modules of white around the code, as the standard asks."""

_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_LIMIT = 4296
_PLAIN_LIMIT = 512


def version(text: str) -> int:
    """The version, 1 to 40: a code of version v has 17 + 4 v modules a side."""
    found = _code(text).version
    return found if isinstance(found, int) else int(found)


def svg(text: str, title: str, *, plain: bool = False, level: Level = "L") -> Markup:
    """An inline picture: black on white in dark mode too. `title` is read out instead of the picture.

    `data-version` carries the version. Raises MisuseError when `text` is not alphanumeric (spec/requests.md):
    lower case would make the code a third bigger. `plain`: a few lines of ASCII that people read, in a bigger code.
    `level`: how much of it may be damaged, at least.
    """
    code = _code(text, plain, level)
    rows = [bytes(row) for row in code.matrix_iter(border=QUIET)]
    path = "".join(_strokes(row, y) for y, row in enumerate(rows))
    side = len(rows)
    return Markup(
        '<svg class="qr" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        ' data-version="{version}" shape-rendering="crispEdges"><title>{title}</title>'
        '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path stroke="#000" d="{path}"/></svg>'
    ).format(side=side, version=code.version, title=title, path=path)


def png(text: str, scale: int = 8, *, plain: bool = False) -> bytes:
    """A picture file with `scale` pixels for each module. Raises MisuseError as `svg` does."""
    stream = BytesIO()
    _code(text, plain).save(stream, kind="png", scale=scale, border=QUIET)
    return stream.getvalue()


def _code(text: str, plain: bool = False, level: Level = "L") -> QRCode:
    """Of this error level, or of a stronger one where the same version has room for it."""
    import segno  # 3 MB that a device needs only while it shows a code

    if plain:
        if not text.isascii() or not 0 < len(text) <= _PLAIN_LIMIT:
            raise MisuseError("qr-text", f"a plain QR code takes up to {_PLAIN_LIMIT} ASCII characters")
        return segno.make(text, error=level, mode="byte", boost_error=True, micro=False)
    if not text or len(text) > _LIMIT or not _ALPHANUMERIC.issuperset(text):
        raise MisuseError("qr-text", "a QR code takes up to 4296 upper-case letters, digits and $%*+-./:")
    return segno.make(text, error=level, mode="alphanumeric", boost_error=True, micro=False)


def _strokes(row: bytes, y: int) -> str:
    """The dark runs of one row as SVG path commands, each drawn through the middle of the row."""
    parts, x, side = [], 0, len(row)
    while x < side:
        start = x
        while x < side and row[x] == row[start]:
            x += 1
        if row[start]:
            parts.append(f"M{start} {y}.5h{x - start}")
    return "".join(parts)
