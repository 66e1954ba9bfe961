"""Header fields of HTTP as ASGI carries them: pairs of bytes, names in lower case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any


class Headers:
    """Header fields to read. Of a name that comes twice, the first counts; `getlist` has both."""

    def __init__(
        self, *, raw: list[tuple[bytes, bytes]] | None = None, scope: Mapping[str, Any] | None = None
    ) -> None:
        """The pairs themselves, or the `headers` of a scope or a message."""
        self.raw: list[tuple[bytes, bytes]] = (scope or {})["headers"] if raw is None else raw

    def getlist(self, name: str) -> list[str]:
        """Every value of a name."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for known, value in self.raw if known == wanted]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a name."""
        return next(iter(self.getlist(name)), default)

    def items(self) -> list[tuple[str, str]]:
        """Every name with its value, in order."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.raw]

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.getlist(name))

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self.items()])


class MutableHeaders(Headers):
    """Header fields to write."""

    def append(self, name: str, value: str) -> None:
        """One more of this name."""
        self.raw.append((name.lower().encode("latin-1"), value.encode("latin-1")))

    def setdefault(self, name: str, value: str) -> str:
        """Unless there is one of this name."""
        known = self.get(name)
        if known is None:
            self.append(name, value)
            return value
        return known

    def update(self, others: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        """Each instead of what has its name."""
        pairs = others if not hasattr(others, "items") else others.items()
        for name, value in pairs:
            self[name] = value

    def __setitem__(self, name: str, value: str) -> None:
        wanted = name.lower().encode("latin-1")
        self.raw[:] = [pair for pair in self.raw if pair[0] != wanted]
        self.append(name, value)
