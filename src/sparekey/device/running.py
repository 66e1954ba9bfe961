"""One run of a device, from its configuration to the last request."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core.device.events import ButtonHeld
from sparekey.core.errors import SparekeyError, UnavailableError
from sparekey.device import memory
from sparekey.device.agent import Agent
from sparekey.device.button.choice import open_button
from sparekey.device.button.watch import Watch, WatchMan
from sparekey.device.identity import ready as keys_of
from sparekey.device.serve import Listening, serve
from sparekey.host import logs
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sparekey.device.button.port import Button
    from sparekey.device.config import Config
    from sparekey.host.clock import Clock

_LOG = logging.getLogger("sparekey.device")


def run(config: Config, ready: Callable[[list[str]], None], *, button: Button | None = None) -> None:
    """Stay until SIGTERM or Ctrl-C. `ready` gets the URLs once all doors are open.

    `button`: a switch of the caller's; by default the one that the settings name. Raises SparekeyError.
    """
    logs.to_stderr()
    os.umask(0o077)  # what the device writes is nobody else's business
    memory.borrow_little()
    entropy, clock = SystemEntropy(), SystemClock()
    keys = keys_of(config, entropy)
    listening = Listening(config)
    try:
        agent = Agent(config, keys, clock=clock, entropy=entropy)
        agent.boot()
        with _watched(agent, button or _button(config), clock):
            serve(agent, listening, entropy=entropy, ready=ready)
        agent.close()
    finally:
        listening.close()


def _button(config: Config) -> Button | None:
    try:
        return open_button(config.settings.button)
    except UnavailableError as error:  # nobody must be locked out by a switch that is broken
        _LOG.warning("there is no reset button: %s", error.hint)
        return None


@contextmanager
def _watched(agent: Agent, button: Button | None, clock: Clock) -> Iterator[None]:
    if button is None:
        yield
        return

    def held(seconds: int) -> None:
        try:
            agent.tell(ButtonHeld(seconds))
        except SparekeyError as error:
            _LOG.warning("the button was held, and the erase waits: %s", error.slug)

    hold = agent.config.policy.reset_button.hold
    man = WatchMan(Watch(button, clock, hold, pressed=agent.touch, held=held))
    man.start()
    try:
        yield
    finally:
        man.end()
        button.close()
