"""Schema: the migrations make exactly the model, newer or foreign databases are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import DatabaseTooNew, DatabaseUnusable
from crmdesk.db.backup import backup_before_upgrade, backup_file
from crmdesk.db.engine import file_system_of, is_network_path, open_engine, sqlite_url
from crmdesk.db.session import Database
from crmdesk.db.upgrade import REVISIONS, check, head, script, upgrade
from crmdesk.model import Base
from crmdesk.services.context import Context
from crmdesk.services.staff import find_staff


def test_migrations_make_exactly_the_model(ctx: Context) -> None:
    with ctx.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_revisions_a_start_knows_are_the_chain_of_migrations() -> None:
    chain = [step.revision for step in script().walk_revisions()]
    assert list(reversed(chain)) == list(REVISIONS)
    assert script().get_current_head() == head()


def test_a_second_upgrade_does_nothing(ctx: Context) -> None:
    assert check(ctx.db) == head()
    assert upgrade(ctx.db) is False


def test_a_newer_schema_is_refused_and_untouched(ctx: Context) -> None:
    with ctx.db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        upgrade(ctx.db)
    assert len(find_staff(ctx)) == 6


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE invoices (id INTEGER)")
    other.close()
    db = Database(sqlite_url(path))
    with pytest.raises(DatabaseUnusable, match="another program"):
        upgrade(db)
    db.close()


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_broken_file_gives_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(content)
    db = Database(sqlite_url(path))
    with pytest.raises(DatabaseUnusable, match="damaged"):
        check(db)
    db.close()
    assert path.read_bytes() == content


def test_a_missing_folder_gives_a_sentence(tmp_path: Path) -> None:
    db = Database(sqlite_url(tmp_path / "gone" / "office.db"))
    with pytest.raises(DatabaseUnusable, match="can't be opened"):
        check(db)
    db.close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/mei/office.db", "ext4"),
        ("/mnt/server/office.db", "cifs"),
        ("/mnt/serverroom/office.db", "ext4"),
        ("/mnt/my disk/office.db", "nfs4"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, expected: str) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//nas/office /mnt/server cifs rw 0 0\nnas:/d /mnt/my\\040disk nfs4 rw 0 0\nbroken\n"
    )
    assert file_system_of(Path(path), mounts) == expected


def test_a_data_file_on_a_network_path_is_refused() -> None:
    assert is_network_path(Path("\\\\nas\\office\\office.db"))
    with pytest.raises(DatabaseUnusable, match="network drive"):
        open_engine("sqlite:////\\\\nas\\office\\office.db".replace("////", "///"))


def test_a_backup_opens_with_the_same_facts_and_old_ones_go(desk: Context, tmp_path: Path, clock: FixedClock) -> None:
    copy = backup_before_upgrade(desk.db, clock.now())
    assert copy is not None
    db = Database(sqlite_url(copy))
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM staff")).scalar() == 6
    db.close()
    source = Path(str(desk.db.engine.url.database))
    for second in range(4):
        backup_file(source, tmp_path / "b", clock.now().replace(second=second), keep=2)
    assert len(list((tmp_path / "b").iterdir())) == 2


def test_a_damaged_file_is_not_taken_for_a_backup(tmp_path: Path, clock: FixedClock) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 500)
    with pytest.raises(DatabaseUnusable):
        backup_file(broken, tmp_path / "b", clock.now())
    assert list((tmp_path / "b").iterdir()) == []
