"""How a command of the tool is run: click's own errors become exit codes of the house."""

from __future__ import annotations

import click

from sparekey.core.errors import InputError


def run(command: click.Command, arguments: list[str]) -> int:
    """Exit code of the command. Raises SparekeyError, InputError (`usage`) for words that it does not take."""
    try:
        ended = command.main(arguments, prog_name=command.name, standalone_mode=False)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise InputError("usage", error.format_message()) from None
    return ended if isinstance(ended, int) else 0
