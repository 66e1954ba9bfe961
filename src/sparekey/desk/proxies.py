"""Who is asking, when a proxy stands in front: its word counts only where desk.toml names it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import ASGIApp, Receive, Scope, Send


def networks(texts: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses or networks of proxies. Raises InputError (`config`)."""
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError:
        raise InputError("config", "trusted_proxies are addresses or networks, such as 127.0.0.1") from None


class Proxies:
    """Replaces the address of a named proxy by the one that it says it speaks for; believes nobody else.

    Of `X-Forwarded-For` the last address counts that is no named proxy: what stands before it, anybody may write.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusted = networks(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope.get("client"):
            scope = {**scope, "client": (self._client(scope), scope["client"][1])}
        await self._app(scope, receive, send)

    def _client(self, scope: Scope) -> str:
        peer: str = scope["client"][0]
        if not self._named(peer):
            return peer
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        for one in reversed(said.split(",")[-16:]):
            text = one.strip().removeprefix("[").removesuffix("]")
            if not _is_address(text):
                break
            if not self._named(text):
                return text
        return peer

    def _named(self, text: str) -> bool:
        return (
            bool(self._trusted)
            and _is_address(text)
            and any(ip_address(text) in network for network in self._trusted)
        )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
