"""`sparekey completion`: the lines by which a shell completes words, and the answer at every press of Tab."""

from __future__ import annotations

import os
from importlib import import_module

import click
from click.shell_completion import get_completion_class, shell_complete

from sparekey.commands import COMMANDS, COMPLETING
from sparekey.finder.command import run

SHELLS = ("bash", "zsh", "fish")
_PROGRAM = "sparekey"
_OURS = "sparekey.finder.commands."


class Words(click.Group):
    """Every command. Those of the installers' tool complete their options and values, the others file names."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the help."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Loaded when it is looked at."""
        place, told = COMMANDS.get(name, ("", ""))
        if not place.startswith(_OURS):
            return click.Command(name, help=told) if place else None
        made = import_module(place).command
        return made if isinstance(made, click.Command) else None


@click.command(
    "sparekey completion",
    epilog="For bash: echo 'eval \"$(sparekey completion bash)\"' >> ~/.bashrc",
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print what makes a shell complete sparekey's words: for its start-up file."""
    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(Words(_PROGRAM), {}, _PROGRAM, COMPLETING).source())
    return 0


def main(arguments: list[str]) -> int:
    """Run it, or answer a shell that completes. Raises SparekeyError for what the caller prints."""
    asked = os.environ.get(COMPLETING, "")
    if asked and not arguments:
        return shell_complete(Words(_PROGRAM), {}, _PROGRAM, COMPLETING, asked)
    return run(command, arguments)
