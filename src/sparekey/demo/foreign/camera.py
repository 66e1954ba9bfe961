"""A camera of another maker: some users, and nothing else that could be asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.lan.onvif.device import (
    Clock,
    Information,
    Interface,
    Level,
    Limits,
    User,
    UserRefusal,
    with_changed,
    with_created,
    with_deleted,
)

MAKER, MODEL = "Example Cameras", "EX-7"
USER, PASSWORD = "admin", "yellow bike 42"
LONGEST = 16


@dataclass
class ForeignCamera:
    """Its users, in memory. It takes short passwords only, as many do."""

    serial: str
    kept: tuple[User, ...] = (User(USER, Level.ADMINISTRATOR, PASSWORD),)

    def information(self) -> Information:
        """Who it is."""
        return Information(MAKER, MODEL, "7.1", self.serial, "1")

    def interfaces(self) -> tuple[Interface, ...]:
        """None that it tells of."""
        return ()

    def scopes(self) -> tuple[str, ...]:
        """Its model."""
        return (f"onvif://www.onvif.org/hardware/{MODEL}",)

    def services(self) -> tuple[tuple[str, str], ...]:
        """None beside this one."""
        return ()

    def clock(self) -> Clock:
        """Set by hand."""
        return Clock()

    def limits(self) -> Limits:
        """Short passwords."""
        return Limits(longest_password=LONGEST)

    def users(self) -> tuple[User, ...]:
        """All of them."""
        return self.kept

    def create_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """More of them."""
        return self._keep(with_created(self.kept, users, self.limits()))

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Other passwords."""
        return self._keep(with_changed(self.kept, users, self.limits()))

    def delete_users(self, names: tuple[str, ...]) -> UserRefusal | None:
        """Fewer of them."""
        return self._keep(with_deleted(self.kept, names))

    def reboot(self) -> str | None:
        """It does not."""
        return None

    def factory_default(self, *, hard: bool) -> bool:
        """It does not."""
        return False

    def _keep(self, users: tuple[User, ...] | UserRefusal) -> UserRefusal | None:
        if isinstance(users, UserRefusal):
            return users
        self.kept = users
        return None
