"""The recovery methods, one file each, all of the same shape: who may start -> challenge -> proof -> grant."""

from __future__ import annotations

from sparekey.core.methods import (
    key_file,
    mail_code,
    questions,
    recovery_sheet,
    reset_button,
    response_file,
    response_key,
    security_code,
    technician,
)
from sparekey.core.methods.method import Method
from sparekey.core.values import MethodName

METHODS: dict[MethodName, Method] = {
    method.name: method
    for method in (
        questions.METHOD,
        key_file.METHOD,
        recovery_sheet.METHOD,
        mail_code.METHOD,
        security_code.METHOD,
        response_file.METHOD,
        response_key.METHOD,
        reset_button.METHOD,
        technician.METHOD,
    )
}
"""Every method, in order of least loss."""
