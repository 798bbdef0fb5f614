"""Opening the data and making a new office: each fault has its own sentence, and nothing is half-written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crmdesk.core import address
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConnectionLost, DatabaseTooNew, DatabaseUnusable, UserError, ValidationError
from crmdesk.core.settings import Settings
from crmdesk.db import engine
from crmdesk.db.engine import parse_url, sqlite_url
from crmdesk.db.upgrade import head
from crmdesk.services import setup
from crmdesk.services.setup import DataMissing, PasswordNeeded, SetupForm
from crmdesk.services.staff import find_staff, sign_in

FORM = SetupForm("zh_TW", "天竺工坊", "TWD", "reception", "接待台 1", "boss", "林經理", "silver-925")


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return sqlite_url(tmp_path / "new" / "crmdesk.db")


def test_a_new_office_is_ready_to_sign_in(new_url: str, clock: FixedClock) -> None:
    db = setup.open_database(new_url, clock, create=True)
    try:
        assert not setup.is_set_up(db)
        ctx = setup.create_office(db, Settings(station_name="接待台 1"), clock, FORM)
        assert setup.is_set_up(db)
        assert (ctx.office.company, ctx.office.home, ctx.station) == ("天竺工坊", "TW", "接待台 1")
        user = sign_in(ctx, "boss", "silver-925")
        assert user.roles == ("manager", "administrator")
        again = setup.open_context(db, Settings(), clock)
        assert again.office == ctx.office
    finally:
        db.close()


def test_an_office_is_not_set_up_twice(database_url: str, clock: FixedClock) -> None:
    db = setup.open_database(database_url, clock)
    try:
        before = len(find_staff(setup.open_context(db, Settings(), clock)))
        with pytest.raises(UserError):
            setup.create_office(db, Settings(), clock, FORM)
        assert len(find_staff(setup.open_context(db, Settings(), clock))) == before
    finally:
        db.close()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"company": "  "}, "company"),
        ({"company": "名" * 81}, "company"),
        ({"currency": "XXX"}, "currency"),
        ({"station": "roof"}, "station"),
        ({"station_name": "x" * 41}, "station_name"),
        ({"language": "fr"}, "language"),
        ({"login": ""}, "login"),
        ({"name": ""}, "name"),
        ({"password": "12345"}, "password"),
    ],
)
def test_bad_answers_are_refused_by_field_and_nothing_is_written(
    new_url: str, clock: FixedClock, change: dict[str, str], field: str
) -> None:
    from dataclasses import replace

    db = setup.open_database(new_url, clock, create=True)
    try:
        with pytest.raises(ValidationError) as caught:
            setup.create_office(db, Settings(), clock, replace(FORM, **change))
        assert list(caught.value.fields) == [field]
        assert not setup.is_set_up(db)
    finally:
        db.close()


def test_a_missing_file_is_not_replaced_by_an_empty_office(new_url: str, clock: FixedClock) -> None:
    with pytest.raises(DataMissing) as caught:
        setup.open_database(new_url, clock)
    path = setup.sqlite_file(new_url)
    assert path is not None and str(path) in caught.value.message and not path.exists()


def test_a_broken_file_is_named_damaged_and_left_alone(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(DatabaseUnusable) as caught:
        setup.open_database(sqlite_url(path), clock)
    assert "damaged" in caught.value.message
    assert path.read_bytes() == b"this is no database" * 400


def test_a_newer_schema_is_refused_politely(sqlite_database_url: str, clock: FixedClock) -> None:
    path = setup.sqlite_file(sqlite_database_url)
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(DatabaseTooNew) as caught:
        setup.open_database(sqlite_database_url, clock)
    assert "9999" in caught.value.message


def test_a_network_path_is_refused_with_the_reason(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_mounts", lambda: f"server:/office {tmp_path} nfs4 rw 0 0\n")
    for work in (lambda url: setup.open_database(url, clock, create=True), setup.test_database):
        with pytest.raises(DatabaseUnusable) as caught:
            work(sqlite_url(tmp_path / "crmdesk.db"))
        assert "network drive" in caught.value.message
    assert not (tmp_path / "crmdesk.db").exists()


def test_a_foreign_database_is_not_touched(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(DatabaseUnusable) as caught:
        setup.open_database(sqlite_url(path), clock)
    assert "another program" in caught.value.message


def test_an_unreachable_server_says_so(clock: FixedClock) -> None:
    with pytest.raises(ConnectionLost) as caught:
        setup.open_database("postgresql://crmdesk@127.0.0.1:1/crmdesk", clock)
    assert "127.0.0.1 can't be reached" in caught.value.message
    with pytest.raises(ConnectionLost) as caught:
        setup.test_database("postgresql://crmdesk@no-such-server.invalid/crmdesk")
    assert "no-such-server.invalid" in caught.value.message


def test_the_test_of_a_server_changes_nothing(postgres_server: str, clock: FixedClock) -> None:
    import uuid

    name = f"empty_{uuid.uuid4().hex[:8]}"
    admin = create_engine(parse_url(postgres_server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = parse_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    try:
        found = setup.test_database(url)
        assert not found.set_up and "empty" in found.sentence
        look = create_engine(parse_url(url))
        with look.connect() as connection:
            tables = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar()
        look.dispose()
        assert tables == 0
        db = setup.open_database(url, clock)
        setup.create_office(db, Settings(), clock, FORM)
        db.close()
        found = setup.test_database(url)
        assert found.set_up and found.company == "天竺工坊"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


def test_a_missing_database_on_the_server_is_named(postgres_server: str, clock: FixedClock) -> None:
    url = parse_url(postgres_server).set(database="not_there").render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnusable) as caught:
        setup.test_database(url)
    assert "not_there" in caught.value.message


@pytest.mark.parametrize(
    ("url", "words", "kind", "said"),
    [
        ("postgresql://mei:no@db/d", 'password authentication failed for user "mei"', PasswordNeeded, "refuses"),
        ("postgresql://mei@db/d", "fe_sendauth: no password supplied", PasswordNeeded, "“mei”"),
        ("postgresql://mei@db/d", 'no pg_hba.conf entry for host "10.0.0.7"', DatabaseUnusable, "pg_hba.conf"),
        ("postgresql://mei@db/d", 'role "mei" does not exist', DatabaseUnusable, "“mei”"),
        ("postgresql://mei@db/d", "connection timeout expired", ConnectionLost, "db can't be reached"),
    ],
)
def test_what_the_server_answers_becomes_a_sentence(url: str, words: str, kind: type[Exception], said: str) -> None:
    error = setup._reason(url, _lost(words))
    assert isinstance(error, kind) and said in error.message


def _lost(words: str) -> ConnectionLost:
    error = ConnectionLost()
    cause = Exception()
    cause.orig = words  # type: ignore[attr-defined]  # as drivers put it there
    error.__cause__ = cause
    return error


def test_an_old_database_is_backed_up_before_it_is_upgraded(
    sqlite_database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(setup, "head", lambda: "next")
    backed_up: list[object] = []
    monkeypatch.setattr(setup, "upgrade", lambda db, backup: backed_up.append(backup(db)))
    db = setup.open_database(sqlite_database_url, clock, progress=said.append)
    db.close()
    copy = backed_up[0]
    assert isinstance(copy, Path) and copy.exists() and copy.parent.name == "backup"
    assert said[-1].startswith("Saving a backup")
    assert head() != "next"


def test_a_second_pc_joins_without_being_asked_for_a_company(database_url: str) -> None:
    found = setup.test_database(database_url)
    assert found.set_up and "天竺工坊" in found.sentence


def test_passwords_never_stay_in_an_address() -> None:
    url = address.with_password(address.ServerAddress("office-db", "5432", "crm desk", "mei@shop").url(), "p@ss/:w?rd")
    assert address.password_of(url) == "p@ss/:w?rd"
    assert parse_url(url).password == "p@ss/:w?rd" and parse_url(url).username == "mei@shop"
    assert address.with_password(url, "") == "postgresql://mei%40shop@office-db:5432/crm%20desk"
    assert "p%40ss" not in address.with_password(url, "")


def test_the_default_file_is_found_again_in_its_address(tmp_path: Path) -> None:
    path = tmp_path / "資料 夾" / "crmdesk.db"
    assert address.file_of(address.file_url(path)) == path
    assert setup.sqlite_file(address.file_url(path)) == path


@pytest.mark.parametrize(
    ("server", "field"),
    [
        (address.ServerAddress(""), "host"),
        (address.ServerAddress("http://db"), "host"),
        (address.ServerAddress("db", "abc"), "port"),
        (address.ServerAddress("db", "70000"), "port"),
        (address.ServerAddress("db", database=" "), "database"),
        (address.ServerAddress("db", user=""), "user"),
    ],
)
def test_a_wrong_server_address_is_refused_by_field(server: address.ServerAddress, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        server.check()
    assert list(caught.value.fields) == [field]
