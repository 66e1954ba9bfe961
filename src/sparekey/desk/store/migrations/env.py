"""Alembic runs this file: it applies the steps on the connection that the store gives."""

from __future__ import annotations

from alembic import context

from sparekey.desk.staff import tables as _staff  # noqa: F401 - brings its tables into the metadata
from sparekey.desk.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
