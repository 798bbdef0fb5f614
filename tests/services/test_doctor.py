"""The check-up: what is wrong is said in plain words, and the exit code agrees."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from crmdesk.core.address import default_url
from crmdesk.core.clock import FixedClock
from crmdesk.core.i18n import set_language
from crmdesk.core.settings import PaperSetting, Settings
from crmdesk.db.backup import backup_file
from crmdesk.db.engine import sqlite_url
from crmdesk.services import doctor
from crmdesk.services.backups import backup_now, find_backups, is_due
from crmdesk.services.context import Context
from crmdesk.services.doctor import Finding


def report(findings: list[Finding]) -> str:
    return doctor.write_report(findings)


def test_a_sound_office_has_no_faults(database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.spool, "printers", lambda: ["Slip241"])
    findings = doctor.diagnose(Settings(language="en"), database_url, clock)
    assert doctor.faults(findings) == 0, report(findings)
    words = report(findings)
    assert "天竺工坊" in words and "Slip241" in words and words.endswith("Everything is in order.")
    assert "password" not in words.lower() or "postgres" in database_url


def test_a_pc_that_is_not_set_up_is_no_fault(clock: FixedClock) -> None:
    findings = doctor.diagnose(Settings(), default_url(), clock)
    assert doctor.faults(findings) == 0
    assert "There is no data yet" in report(findings)


def test_a_broken_file_is_a_fault_with_advice(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(b"x" * 5000)
    findings = doctor.diagnose(Settings(), sqlite_url(path), clock)
    assert doctor.faults(findings) == 1
    assert "damaged" in report(findings)


def test_a_newer_schema_is_a_fault(sqlite_database_url: str, clock: FixedClock) -> None:
    path = doctor.sqlite_file(sqlite_database_url)
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    findings = doctor.diagnose(Settings(), sqlite_database_url, clock)
    assert doctor.faults(findings) == 1 and "9999" in report(findings)


def test_an_unreachable_server_is_a_fault_not_a_traceback(clock: FixedClock) -> None:
    findings = doctor.diagnose(Settings(), "postgresql://crmdesk:secret@127.0.0.1:1/crmdesk", clock)
    assert doctor.faults(findings) == 1
    assert "can't be reached" in report(findings) and "secret" not in report(findings)


def test_a_clock_behind_the_last_entry_is_a_fault(desk: Context, sqlite_database_url: str, clock: FixedClock) -> None:
    clock.advance(-timedelta(days=400))
    findings = doctor.diagnose(Settings(), sqlite_database_url, clock)
    assert any("later than this PC's clock" in f.text for f in findings if not f.ok)


def test_a_printer_that_is_gone_is_a_fault(sqlite_database_url: str, clock: FixedClock) -> None:
    settings = Settings(papers={"sales_slip": PaperSetting(printer="Old241")})
    findings = doctor.diagnose(settings, sqlite_database_url, clock)
    assert [f.text for f in findings if not f.ok] == ["The printer “Old241” chosen for sales_slip is gone."]


def test_little_room_and_missing_fonts_are_faults(
    sqlite_database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "DISK_MEGABYTES", 10**9)
    monkeypatch.setattr(doctor, "FONT_FILES", (*doctor.FONT_FILES, "Missing.ttf"))
    findings = doctor.diagnose(Settings(), sqlite_database_url, clock)
    assert doctor.faults(findings) == 2
    assert "Missing.ttf" in report(findings)


def test_the_report_is_in_the_language_of_the_screen(sqlite_database_url: str, clock: FixedClock) -> None:
    set_language("zh_TW")
    assert report(doctor.diagnose(Settings(), sqlite_database_url, clock)).endswith("一切正常。")


def test_a_damaged_settings_file_is_named(sqlite_database_url: str, clock: FixedClock) -> None:
    findings = doctor.diagnose(Settings(), sqlite_database_url, clock, settings_fault="The settings file is damaged.")
    assert any(f.text == "The settings file is damaged." and not f.ok for f in findings)


def test_a_backup_is_made_once_a_day_and_can_be_opened(desk: Context, clock: FixedClock, tmp_path: Path) -> None:
    assert is_due(desk)
    path = backup_now(desk)
    assert path.exists() and [b.name for b in find_backups(desk)] == [path.name]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM staff").fetchone()[0] == 6
    connection.close()
    other = backup_now(desk, tmp_path / "stick")
    assert other.parent == tmp_path / "stick"


def test_a_copied_or_renamed_file_is_not_todays_backup(desk: Context, clock: FixedClock) -> None:
    path = backup_now(desk)
    clock.advance(timedelta(days=1))
    assert is_due(desk)
    fresh = clock.now().timestamp()
    os.utime(path, (fresh, fresh))  # restored or copied today: it still holds yesterday's data
    for name in ("office-before-the-fair.db", f"{path.stem[:-16]}-mine.db", f"{path.stem[:-16]}-20261399-000000.db"):
        copied = path.with_name(name)
        copied.write_bytes(path.read_bytes())
        os.utime(copied, (fresh, fresh))
    assert is_due(desk)
    assert find_backups(desk)[0].made_at == clock.now() - timedelta(days=1)
    made = backup_now(desk)
    os.utime(made, (0, 0))  # an old date on the file of today
    assert not is_due(desk)
    assert [b.name for b in find_backups(desk)] == [made.name, path.name]


def test_a_backup_of_a_wrong_clock_in_the_future_does_not_stop_the_daily_one(desk: Context, clock: FixedClock) -> None:
    clock.advance(timedelta(days=400))
    backup_now(desk)
    clock.advance(timedelta(days=-400))
    assert is_due(desk)


def test_only_backups_are_thrown_away_when_there_are_too_many(desk: Context, clock: FixedClock) -> None:
    source = Path(str(desk.db.engine.url.database))
    mine = backup_now(desk).with_name(f"{source.stem}-mine.db")
    mine.write_bytes(b"kept")
    for _day in range(4):
        backup_file(source, mine.parent, clock.local(clock.advance(timedelta(days=1))), keep=3)
    assert mine.exists() and len(find_backups(desk)) == 3
