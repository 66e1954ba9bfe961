"""The history of the tables (Alembic). A released step is never changed; a new one is added."""
