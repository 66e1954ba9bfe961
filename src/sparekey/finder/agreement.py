"""A maker's legal notice, which a person reads before a device sends a code: where its profile has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.language.catalogue import Translator

TITLE = N_("Please read this first")
I_AGREE = N_("I have read this and agree")
_NOTICE = (
    N_("Only the owner of this device, or somebody whom the owner has asked, may reset its password."),
    N_(
        "The request holds a code and the reserved e-mail address, sealed: only the support desk can open it."
    ),
    N_("The desk opens it for one purpose: to send the code to that address."),
    N_("The device keeps a note of this request, and its owner sees it after signing in."),
)


def notice(words: Translator) -> str:
    """What is agreed to, one line for each part."""
    return "\n".join(f"- {words.text(sentence)}" for sentence in _NOTICE)
