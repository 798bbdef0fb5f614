"""Bring a database to this program's schema: linear Alembic migrations, under a lock, after a backup.

Alembic itself (a tenth of a second, ten megabytes) is only imported when there is something to upgrade: what a start
asks is which revision stands in the database, and that is one row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from crmdesk.core.errors import DatabaseTooNew, DatabaseUnusable
from crmdesk.core.i18n import _
from crmdesk.db.session import Database, translated_errors

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

log = logging.getLogger(__name__)
_LOCK = 7_204_111  # any number nobody else uses on the office server


#: The chain of migrations, oldest first; a test holds it to the files in ``migrations/versions``.
REVISIONS = ("0001",)


def script() -> ScriptDirectory:
    """Return the chain of migrations."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def head() -> str:
    """Return the schema version this program works with."""
    return REVISIONS[-1]


def current(connection: Connection) -> str | None:
    """Return the schema version of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check(database: Database) -> str | None:
    """Return the database's schema version; DatabaseTooNew or DatabaseUnusable when it is not ours to open."""
    with translated_errors(), database.engine.connect() as connection:
        version = current(connection)
        if version is None and inspect(connection).get_table_names():
            raise DatabaseUnusable(
                _("This database belongs to another program ({place}). Please choose an empty one.").format(
                    place=database.place
                )
            )
    if version is not None and version not in REVISIONS:
        raise DatabaseTooNew(version)
    return version


def upgrade(database: Database, backup: Callable[[Database], object] | None = None) -> bool:
    """Bring the database to ``head()``; True when something had to be done.

    ``backup`` is called first when there is data to lose. Two programs starting at once take turns.
    """
    version = check(database)
    if version == head():
        return False
    if version is not None and backup is not None:
        backup(database)
    with translated_errors(), database.engine.execution_options(writes=True).begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        if current(connection) == head():
            return False
        _run(connection)
    log.info("schema %s -> %s", version, head())
    return True


def _run(connection: Connection) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    directory = script()

    def steps(revision: str, context: MigrationContext) -> object:
        return directory._upgrade_revs("head", revision)  # the documented way to run without an env.py

    context = MigrationContext.configure(connection, opts={"fn": steps, "transaction_per_migration": False})
    with Operations.context(context):
        context.run_migrations()
