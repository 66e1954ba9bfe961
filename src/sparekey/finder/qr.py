"""A QR code in a terminal: two modules in one character, dark on light, whatever the terminal's colours."""

from __future__ import annotations

import segno

_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""By upper and lower module, 1 for dark: what is drawn is the light."""
_QUIET = 2
"""Light modules around it; a terminal has more light of its own."""


def drawn(text: str) -> str:
    """Lines of half blocks, at error level L, so that it fits."""
    code = segno.make_qr(text, error="l", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=_QUIET)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    return "\n".join(
        "".join(
            _BLOCKS[int(bool(upper)), int(bool(lower))] for upper, lower in zip(first, second, strict=True)
        )
        for first, second in zip(rows[::2], rows[1::2], strict=True)
    )
