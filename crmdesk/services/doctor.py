"""What ``crmdesk doctor`` and the settings page say about this PC: each finding in plain words, with what to do."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import crmdesk
from crmdesk.core.address import is_server
from crmdesk.core.clock import Clock
from crmdesk.core.errors import CrmError, DatabaseTooNew, DatabaseUnusable
from crmdesk.core.i18n import LANGUAGES, N_, _, ngettext, translator
from crmdesk.core.paths import resource, user_config_dir, user_log_dir
from crmdesk.core.settings import Settings
from crmdesk.db.backup import find_copies
from crmdesk.db.session import Database, translated_errors
from crmdesk.db.upgrade import check, head
from crmdesk.model.history import HistoryEntry
from crmdesk.model.staff import StaffMember
from crmdesk.printing import spool
from crmdesk.rules.clauses import PackError
from crmdesk.rules.pack_tables import in_language
from crmdesk.services.office import find_misfits, load_office, load_policy
from crmdesk.services.secrets import has_keyring
from crmdesk.services.setup import sqlite_file, test_database

LIBRARIES = ("PySide6-Essentials", "SQLAlchemy", "alembic", "psycopg", "reportlab", "Babel", "argon2-cffi", "keyring")
FONT_FILES = (
    "NotoSansTC-Regular.ttf",
    "NotoSansTC-Bold.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
    "CRMDeskRare-Regular.ttf",
)
DISK_MEGABYTES = 500  # less free than this is named as a fault
CLOCK_SECONDS = 120  # a PC whose clock is further off gives wrong due times
BACKUP_DAYS = 7
MEGABYTE = 1024 * 1024


class Finding(NamedTuple):
    """One line of the report; ``advice`` says what to do when it isn't ``ok``."""

    topic: str
    text: str
    ok: bool = True
    advice: str = ""


def diagnose(settings: Settings, url: str, clock: Clock, *, settings_fault: str = "") -> list[Finding]:
    """Look at everything the program stands on; nothing is changed and no customer data is shown."""
    steps: list[tuple[str, Callable[[], list[Finding]]]] = [
        (N_("Program"), _program),
        (N_("Settings"), lambda: _settings(settings, settings_fault)),
        (N_("Data"), lambda: _data(url, clock)),
        (N_("Regulation"), _regulation),
        (N_("Languages"), _languages),
        (N_("Fonts"), _fonts),
        (N_("Printers"), lambda: _printers(settings)),
        (N_("Disk"), lambda: _disk(url)),
        (N_("Clock"), lambda: _clock(clock)),
    ]
    if is_server(url):
        steps.append((N_("Password store"), _keyring))
    found: list[Finding] = []
    for topic, step in steps:
        try:
            found += [finding._replace(topic=_(topic)) for finding in step()]
        except CrmError as error:
            found.append(Finding(_(topic), error.message, False))
    return found


def verdict_words(bad: int) -> str:
    """Return what a report comes to: how many points need attention."""
    if not bad:
        return _("Everything is in order.")
    return ngettext("{count} point needs attention.", "{count} points need attention.", bad).format(count=bad)


def faults(findings: list[Finding]) -> int:
    """Return how many findings need somebody's help."""
    return sum(not finding.ok for finding in findings)


def write_report(findings: list[Finding]) -> str:
    """Return the findings as text for the command line, or to be sent to whoever helps."""
    lines, topic = [], ""
    for finding in findings:
        head_word = finding.topic if finding.topic != topic else ""
        topic = finding.topic
        if head_word:
            lines.append(head_word)
        lines.append(f"  {'✓' if finding.ok else '✗'} {finding.text}")
        if finding.advice:
            lines.append(f"      → {finding.advice}")
    bad = faults(findings)
    lines.append("")
    lines.append(verdict_words(bad))
    return "\n".join(lines)


def _program() -> list[Finding]:
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue  # the frozen program carries its libraries without their papers
    lines = [
        Finding(
            "",
            _("CRM Desk {version}, Python {python}, {system}").format(
                version=crmdesk.__version__, python=platform.python_version(), system=platform.platform(terse=True)
            ),
        )
    ]
    if versions:
        lines.append(Finding("", ", ".join(versions)))
    return lines


def _settings(settings: Settings, fault: str) -> list[Finding]:
    path = user_config_dir() / "settings.json"
    if fault:
        return [Finding("", fault, False)]
    known = _("This PC's settings: {path}") if path.exists() else _("This PC is not set up yet ({path}).")
    lines = [Finding("", known.format(path=path)), Finding("", _("Log: {path}").format(path=user_log_dir()))]
    if settings.language not in LANGUAGES:
        lines.append(Finding("", _("Unknown language “{name}”").format(name=settings.language), False))
    return lines


def _data(url: str, clock: Clock) -> list[Finding]:
    path = sqlite_file(url)
    if path is not None and not path.exists():
        place = Finding("", _("Data file: {path}").format(path=path))
        return [place, Finding("", _("There is no data yet. The first start makes it."))]
    test_database(url)
    db = Database(url)
    try:
        lines = [Finding("", _("Data: {place}").format(place=db.place))]
        version = check(db)
        lines.append(_schema(version))
        lines.append(_engine(db))
        if version == head():
            lines += _office(db, clock)
        if path is not None:
            lines.append(_backups(path, clock))
        return lines
    except DatabaseTooNew as error:
        return [Finding("", error.message, False, _("Install the newest version of CRM Desk on this PC."))]
    except DatabaseUnusable as error:
        advice = _("Restore the newest backup from the backup folder beside the data.")
        return [Finding("", error.message, False, advice)]
    finally:
        db.close()


def _schema(version: str | None) -> Finding:
    if version == head():
        return Finding("", _("Version of the data: {version}").format(version=version))
    if version is None:
        return Finding("", _("The database is empty. The first start sets the office up."))
    words = _("Version of the data: {version}; it is brought up to date at the next start.")
    return Finding("", words.format(version=version))


def _engine(db: Database) -> Finding:
    with translated_errors(), db.engine.connect() as connection:
        if not db.is_sqlite:
            server = connection.execute(text("SHOW server_version")).scalar()
            return Finding("", _("PostgreSQL {version}").format(version=server))
        version = connection.execute(text("SELECT sqlite_version()")).scalar()
        try:
            verdict = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
        except DBAPIError:
            verdict = ""
    words = _("SQLite {version}").format(version=version)
    if verdict == "ok":
        return Finding("", _("{engine}; the file is sound").format(engine=words))
    return Finding(
        "",
        _("{engine}; the file is damaged").format(engine=words),
        False,
        _("Restore the newest backup from the backup folder beside the data."),
    )


def _pack_titles(names: Iterable[str]) -> list[str]:
    """Return the packs by their titles; by their names where the files of the packs can't be read."""
    try:
        packs = load_policy().packs
    except PackError:
        return list(names)
    return [in_language(packs[name].title) if name in packs else name for name in names]


def _office(db: Database, clock: Clock) -> list[Finding]:
    with db.reading() as session:
        people = session.scalar(select(func.count()).select_from(StaffMember).where(StaffMember.active)) or 0
        last = session.scalar(select(func.max(HistoryEntry.at)))
    office = load_office(db)
    words = ngettext("Office: {company}, {count} account", "Office: {company}, {count} accounts", people)
    lines = [
        Finding("", words.format(company=office.company, count=people)),
        Finding("", _("Packs in use: {packs}").format(packs=_(", ").join(_pack_titles(office.packs)))),
        *_misfits(db),
    ]
    if last is not None and (last - clock.now()).total_seconds() > CLOCK_SECONDS:
        lines.append(
            Finding(
                "",
                _("The last entry was made at {time}, later than this PC's clock.").format(
                    time=f"{clock.local(last):%Y-%m-%d %H:%M}"
                ),
                False,
                _("Set the clock of this PC."),
            )
        )
    return lines


def _misfits(db: Database) -> list[Finding]:
    try:
        misfits = find_misfits(db)
    except PackError:
        return []  # the regulation's own lines say what is wrong with the pack
    words = _("The number set for {key} is not used: {reason}")
    advice = _("Another version of the regulation knew it. Please set the number again in the regulation window.")
    return [Finding("", words.format(key=key, reason=reason), False, advice) for key, reason in misfits.items()]


def _backups(path: Path, clock: Clock) -> Finding:
    copies = find_copies(path, path.parent / "backup")
    if not copies:
        return Finding("", _("No backup yet."), True, _("Settings, Backup makes one."))
    moment, copy = copies[0]
    days = (clock.now() - moment.replace(tzinfo=clock.zone)).days
    words = _("Last backup: {path} ({time})").format(path=copy.name, time=f"{moment:%Y-%m-%d %H:%M}")
    advice = ngettext("It is {count} day old; Settings, Backup makes a new one.",
                      "It is {count} days old; Settings, Backup makes a new one.", days).format(count=days)  # fmt: skip
    return Finding("", words, True, advice if days >= BACKUP_DAYS else "")


def _regulation() -> list[Finding]:
    try:
        policy = load_policy()
    except PackError as error:
        return [Finding("", error.message, False, _("Install CRM Desk again, or put the file back as it was shipped."))]
    packs = len(policy.packs)
    words = ngettext("{count} clauses in {packs} pack", "{count} clauses in {packs} packs", packs).format(
        count=len(policy.everything), packs=packs
    )
    return [Finding("", words)]


def _languages() -> list[Finding]:
    missing = [code for code in LANGUAGES if code != "en" and type(translator(code)).__name__ == "NullTranslations"]
    if missing:
        return [
            Finding(
                "",
                _("The texts of {languages} are missing.").format(languages=", ".join(missing)),
                False,
                _("Install CRM Desk again."),
            )
        ]
    return [Finding("", ", ".join(LANGUAGES))]


def _fonts() -> list[Finding]:
    missing = [name for name in FONT_FILES if not resource("fonts", name).is_file()]
    if missing:
        return [
            Finding(
                "",
                _("Missing font files: {names}").format(names=", ".join(missing)),
                False,
                _("Install CRM Desk again; papers can't be printed without them."),
            )
        ]
    return [Finding("", _("All {count} font files are there.").format(count=len(FONT_FILES)))]


def _printers(settings: Settings) -> list[Finding]:
    names = spool.printers()
    if names:
        lines = [Finding("", ", ".join(names))]
    else:
        advice = _("Papers are kept as PDF until there is one.")
        lines = [Finding("", _("No printer is set up on this PC."), True, advice)]
    for kind, paper in sorted(settings.papers.items()):
        if paper.printer and paper.printer not in names:
            lines.append(
                Finding(
                    "",
                    _("The printer “{printer}” chosen for {paper} is gone.").format(printer=paper.printer, paper=kind),
                    False,
                    _("Choose another one under Settings, Printers."),
                )
            )
    return lines


def _disk(url: str) -> list[Finding]:
    path = sqlite_file(url)
    folder = path.parent if path is not None else user_config_dir()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free // MEGABYTE
    words = _("{free} MB free at {folder}").format(free=f"{free:,}", folder=folder)
    if free < DISK_MEGABYTES:
        return [Finding("", words, False, _("Please free some space before it is full."))]
    return [Finding("", words)]


def _clock(clock: Clock) -> list[Finding]:
    now = clock.local(clock.now())
    words = f"{now:%Y-%m-%d %H:%M} {now.tzname() or ''}".strip()
    shipped = datetime.fromtimestamp(resource("style.qss").stat().st_mtime, UTC)  # a frozen program has no .py files
    if clock.now() < shipped - timedelta(days=365):
        return [Finding("", words, False, _("This can't be right. Set the clock of this PC."))]
    return [Finding("", words)]


def _keyring() -> list[Finding]:
    if has_keyring():
        return [Finding("", _("The database password is kept by {system}.").format(system=sys.platform))]
    return [
        Finding("", _("This PC keeps no passwords; the one of the database is asked at each start."), True)
    ]
