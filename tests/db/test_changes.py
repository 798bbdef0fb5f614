"""Notices between programs, and driver errors as sentences."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import Busy, ConnectionLost, UserError
from crmdesk.db.changes import Notice, SqliteWatcher, listen
from crmdesk.db.engine import open_engine, parse_url
from crmdesk.db.numbering import take
from crmdesk.db.session import Database
from crmdesk.db.upgrade import check
from crmdesk.services.context import Context
from crmdesk.services.customer_search import count_customers
from tests.conftest import _admin, _database_url, make_context
from tests.db.test_session import new_customer


@given(st.frozensets(st.tuples(st.sampled_from(["call", "customer"]), st.integers(1, 10**9)), max_size=80))
def test_a_notice_survives_the_wire_and_fits_it(records: frozenset[tuple[str, int]]) -> None:
    text = Notice(records, "abc").to_text()
    assert len(text.encode()) < 8000
    back = Notice.from_text(text)
    assert back.origin == "abc"
    assert back.everything or back.records == records
    for kind, number in records:
        assert back.names(kind, number)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"o":"x","r":[["call"]]}', "\x00"])
def test_an_unreadable_notice_means_everything(text: str) -> None:
    assert Notice.from_text(text).everything


def test_another_program_on_the_same_file_is_noticed(
    desk: Context, sqlite_database_url: str, clock: FixedClock
) -> None:
    watcher = SqliteWatcher(desk.db.engine)
    assert not watcher.changed()
    other = Database(sqlite_database_url)
    new_customer(make_context(other, clock))
    other.close()
    assert watcher.changed()
    assert not watcher.changed()
    watcher.close()


def test_another_pc_on_the_server_is_told_what_changed(
    postgres_template: tuple[str, str], request: pytest.FixtureRequest, clock: FixedClock
) -> None:
    request.applymarker(pytest.mark.timeout(30))
    server, template = postgres_template
    _admin(server, f'CREATE DATABASE "notify_test" TEMPLATE "{template}"')
    db = Database(_database_url(server, "notify_test"))
    stop = threading.Event()
    notices = listen(db.engine, stop, seconds=0.05)
    assert next(notices).everything
    customer_id = new_customer(make_context(db, clock))
    heard = next(notices)
    stop.set()
    notices.close()
    db.close()
    _admin(server, 'DROP DATABASE "notify_test" WITH (FORCE)')
    assert heard.records == {("customer", customer_id)}
    assert heard.origin == db.changes.origin


def test_a_writer_that_waits_too_long_gets_a_sentence(
    desk: Context, sqlite_database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmdesk.db.engine.LOCK_MILLISECONDS", 20)
    second = Database(sqlite_database_url)
    with desk.transaction("Hold") as session:
        take(session, "held")
        with pytest.raises(Busy):
            new_customer(make_context(second, clock))
    second.close()


def _end_all_others(server: str, name: str) -> None:
    _admin(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_line_that_died_while_nobody_worked_is_noticed_before_it_is_used(
    postgres_template: tuple[str, str], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, template = postgres_template
    _admin(server, f'CREATE DATABASE "idle_test" TEMPLATE "{template}"')
    db = Database(_database_url(server, "idle_test"))
    ctx = make_context(db, clock)
    count_customers(ctx)
    monkeypatch.setattr("crmdesk.db.engine.TRUSTED_SECONDS", 0.0)  # whatever lies in the pool is idle long enough
    _end_all_others(server, "idle_test")
    assert count_customers(ctx) == 0
    monkeypatch.setattr("crmdesk.db.engine.TRUSTED_SECONDS", 3600.0)  # used a moment ago: not asked, and said plainly
    _end_all_others(server, "idle_test")
    with pytest.raises(ConnectionLost):
        count_customers(ctx)
    assert count_customers(ctx) == 0  # the second press finds the server again
    db.close()
    _admin(server, 'DROP DATABASE "idle_test" WITH (FORCE)')


def test_a_server_that_is_not_there_gives_a_sentence() -> None:
    db = Database("postgresql://nobody@127.0.0.1:1/office")
    with pytest.raises(ConnectionLost):
        check(db)
    db.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "office", ""])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UserError):
        open_engine(url)


def test_the_place_never_shows_the_password() -> None:
    db = Database("postgresql://mei:secret@server/office")
    assert db.place == "office @ server"
    assert parse_url("postgres://h/d").drivername == "postgresql+psycopg"
    db.close()


def test_a_full_disk_gives_a_sentence(sqlite_database_url: str, clock: FixedClock) -> None:
    from sqlalchemy import text

    from crmdesk.core.errors import DiskFull

    db = Database(sqlite_database_url)
    ctx = make_context(db, clock)
    with pytest.raises(DiskFull), ctx.transaction("Fill") as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        for number in range(5000):
            session.execute(
                text("INSERT INTO counter (series, period, value) VALUES (:s, '', 0)"), {"s": f"{number:040d}"}
            )
    db.close()
    again = Database(sqlite_database_url)
    with again.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 0
    again.close()
    assert Path(str(again.engine.url.database)).exists()
