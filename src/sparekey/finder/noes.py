"""A device's no, in words: what happened, then what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.policy import PasswordFault
from sparekey.host.problems import of_fault, of_refusal
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from sparekey.lan.link.frame import Refused
    from sparekey.language.catalogue import Translator

_OWN = {
    "too-fast": N_("The device is asked too often. Wait a little, then try again."),
    "wrong-login": N_("User name or password is not right. Nothing was changed."),
    "slow-down": N_("Several wrong passwords came from here. The device makes you wait."),
    "needs-agreement": N_(
        "Its maker has a legal notice that you read first. If you agree to it, say so with --agree."
    ),
    "malformed": N_("The device cannot read this. It may have another version of sparekey."),
    "foreign-file": N_("This file is for another device or another request. It cost no try."),
    "unavailable": N_("The device cannot do this now. Try again in a minute."),
    "code-length": N_("This is not a whole code: it has eight characters. It cost no try."),
    "code-character": N_("A code has only digits and letters, without I, L, O and U. It cost no try."),
    "code-check": N_("One character is not right: look at the code again. It cost no try."),
}


def no(refused: Refused, words: Translator) -> str:
    """Two or three sentences, with the tries that are left and the time to wait."""
    refusal = refused.refusal
    fault = next((fault for fault in PasswordFault if fault.value == refused.slug), None)
    if refusal is not None:
        problem = of_refusal(refusal)
        told = f"{words.text(problem.told)} {words.text(problem.mend)}"
    elif fault is not None:
        told = words.text(of_fault(fault))
    else:
        told = words.text(
            _OWN.get(refused.slug, N_("The device refuses, for a reason that this version does not know."))
        )
    parts = [told]
    if refused.left is not None:
        parts.append(words.plural("%(n)s try left", "%(n)s tries left", refused.left) + ".")
    if refused.wait:
        parts.append(words.text("Time to wait: %(time)s.") % {"time": duration(refused.wait, words)})
    return " ".join(parts)
