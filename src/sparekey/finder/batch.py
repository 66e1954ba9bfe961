"""One call to each of many devices of ours, told as it goes: what the simple commands have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import click

from sparekey.finder.kit import Kit
from sparekey.finder.many import End, each, exit_code
from sparekey.finder.noes import no
from sparekey.finder.place import read_place, written
from sparekey.finder.trusting import Known
from sparekey.lan.link.frame import Refused

Told = TypeVar("Told")


def on_each(
    kit: Kit,
    devices: Sequence[str],
    call: Callable[[Known], Awaitable[Told | Refused]],
    done: Callable[[Told], str],
) -> int:
    """Exit code. `done`: what is said of a device that did it. Raises InputError for an address that is none."""
    targets = [read_place(text) for text in devices]

    async def one(target: object) -> tuple[End, Told | None, str]:
        known = await kit.know(targets[places.index(str(target))])
        if isinstance(known, Refused):
            return End.REFUSED, None, no(known, kit.words)
        answer = await call(known)
        if isinstance(answer, Refused):
            return End.REFUSED, None, no(answer, kit.words)
        return End.DONE, answer, ""

    places = [written(target) for target in targets]
    results = asyncio.run(
        each(
            places,
            one,
            tell=lambda result, _left: click.echo(
                f"{result.thing}: {done(result.done) if result.done is not None else result.why}"
            ),
        )
    )
    return exit_code(results)
