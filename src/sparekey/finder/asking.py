"""Secrets come from a prompt or a file: never from the command line or the environment, which others can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Secret

if TYPE_CHECKING:
    from sparekey.language.catalogue import Translator

LIMIT = 1024


def from_file(path: Path) -> Secret:
    """The first line of a file that only its owner can read. Raises UnavailableError, InputError."""
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise InputError(
                    "secret-mode", f"others on this machine can read {path}; close it: chmod 600 {path}"
                )
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None
    try:
        text = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise InputError("secret", f"{path} holds no text") from None
    if not text or len(data) > LIMIT or "\n" in text:
        raise InputError("secret", f"{path} must hold the password, and nothing else, on one line")
    return Secret(text)


def current(path: Path | None, words: Translator, whose: str) -> Secret:
    """A password that works now, asked for once."""
    if path is not None:
        return from_file(path)
    return Secret(
        click.prompt(words.text("Password of %(whose)s") % {"whose": whose}, hide_input=True, err=True)
    )


def fresh(path: Path | None, words: Translator) -> Secret:
    """A new password, asked for twice."""
    if path is not None:
        return from_file(path)
    return Secret(
        click.prompt(
            words.text("New password"),
            hide_input=True,
            confirmation_prompt=words.text("The same once more"),
            err=True,
        )
    )


def code(words: Translator, label: str) -> str:
    """A typed code, as the person types it; shown while it is typed, since nobody else can use it."""
    return str(click.prompt(label, err=True))
