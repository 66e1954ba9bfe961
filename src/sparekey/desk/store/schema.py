"""The steps that bring a database's tables up to date (the folder `migrations`)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine, TextClause

_FORBIDDEN = "42501"  # SQLSTATE, insufficient_privilege


def bring_up_to_date(engine: Engine, name: str, *first: TextClause) -> None:
    """Take every missing step in one transaction; another process that starts meanwhile waits.

    `name`: what an error calls the database. `first`: what the transaction begins with. Raises UnavailableError; then
    the database is as it was, and the engine closed.
    """
    _quiet()
    from alembic.util import CommandError

    try:
        with engine.begin() as connection:
            for statement in first:
                connection.execute(statement)
            upgrade(connection)
    except SQLAlchemyError as error:
        engine.dispose()
        raise UnavailableError("store", f"cannot open {name} ({_why(error)})") from None
    except UnavailableError as error:
        engine.dispose()
        raise UnavailableError(error.slug, f"cannot open {name}: {error.hint}") from None
    except CommandError:
        engine.dispose()
        raise UnavailableError("store", f"{name} was made by a newer sparekey; run that one") from None


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take the steps up to one of them, in the connection's transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revisions() -> list[str]:
    """Every step, the oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in script.walk_revisions()][::-1]


def revision_of(connection: Connection) -> str | None:
    """The step that a database stands at, or None when it took none yet."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _why(error: SQLAlchemyError) -> str:
    if getattr(getattr(error, "orig", None), "sqlstate", "") == _FORBIDDEN:
        return "its user may not make tables there; make it the owner of the database"
    return type(error).__name__


def _config() -> Config:
    _quiet()
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "sparekey.desk.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _quiet() -> None:
    """Alembic talks as soon as it is imported."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
