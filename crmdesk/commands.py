"""The command line beside the window: call, doctor, clauses, import, sample, tour, smoke. Faults go to stderr."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from crmdesk.core.address import default_url, is_server, password_of, with_password
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext, set_language
from crmdesk.core.paths import user_config_dir, user_log_dir
from crmdesk.core.settings import Settings, load_settings

if TYPE_CHECKING:
    import argparse

    from crmdesk.core.rings import Ring

OK, FAULT, USAGE, NO_DISPLAY = 0, 1, 2, 3
MOST_ERRORS = 50  # rows named before "and more"
_MANAGER_ROLES = ("manager", "administrator")


def settings_path() -> Path:
    """Return the file of this PC's settings."""
    return user_config_dir() / "settings.json"


def has_display(environment: dict[str, str] | None = None, system: str = sys.platform) -> bool:
    """Whether windows can be shown: always on Windows and macOS, with X11 or Wayland elsewhere."""
    given = os.environ if environment is None else environment
    if system in ("win32", "darwin"):
        return True
    return any(given.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def say_no_display() -> int:
    """Explain that there is no screen; the exit code tells a Makefile to run the tour instead."""
    _complain(
        _(
            "There is no display here, so no window can be shown. "
            "“crmdesk tour --out DIR” shows an office day as pictures."
        )
    )
    return NO_DISPLAY


def run_call(args: argparse.Namespace) -> int:
    """Hand a ringing number to the running program, or start it with that number waiting; 1 when it is no number."""
    from crmdesk.core.rings import SCHEME, read_link, read_ring

    def work() -> int:
        link = args.number.startswith(SCHEME)
        ring = read_link(args.number) if link else read_ring(args.number, args.name, args.line)
        return open_program(args, ring)

    return _guarded(work)


def open_program(args: argparse.Namespace, ring: Ring | None = None) -> int:
    """Open the window, unless it is open already: then it comes to the front, or is told what rings."""
    from crmdesk.start.handover import OK as TAKEN
    from crmdesk.start.handover import SHOW, Lone, door_name, send_or_take

    door = door_name(args.database)
    lone = Lone(door)
    answer = send_or_take(door, ring.message() if ring is not None else SHOW, lone)
    if answer == TAKEN:
        return OK
    if answer:
        _complain(answer)
        return FAULT
    try:
        if not has_display():
            return say_no_display()
        from crmdesk.app import run

        return run(database=args.database, speak=args.language, door=door, ring=ring)
    finally:
        lone.give_up()


def run_doctor(args: argparse.Namespace) -> int:
    """Print what the program stands on; 1 when something is wrong."""
    if args.register_links:
        return _register_links()
    from crmdesk.core.clock import SystemClock
    from crmdesk.services.doctor import diagnose, faults, write_report

    settings, fault = _settings()
    findings = diagnose(settings, _address(args, settings), SystemClock(), settings_fault=fault)
    _say(write_report(findings))
    return FAULT if faults(findings) else OK


def _register_links() -> int:
    from crmdesk.start.links import register_links

    if register_links():
        _say(_("Links crmdesk:call?number=… open this program now."))
        return OK
    _complain(
        _(
            "Links can't be registered on this system; "
            "the README says how your telephone program calls crmdesk instead."
        )
    )
    return FAULT


def run_clauses(args: argparse.Namespace) -> int:
    """Print which clauses each pack holds and how the program keeps them; ``--pack`` and ``--held`` name them."""
    from crmdesk.services.clause_table import list_clauses, write_table

    def work() -> int:
        if args.pack or args.held:
            lines = list_clauses(args.pack, args.held)
            for line in lines:
                _say(line)
            _say(ngettext("{count} clause", "{count} clauses", len(lines)).format(count=len(lines)))
        else:
            _say(write_table())
        return OK

    return _guarded(work)


def run_import(args: argparse.Namespace) -> int:
    """Import customers or catalogue items from CSV or XLSX, all or nothing; ``--dry-run`` only checks."""
    from crmdesk.services.imports import import_customers, import_items

    work = import_customers if args.what == "customers" else import_items
    return _in_office(args, lambda ctx: _import(ctx, work, args))


def _import(ctx: Any, work: Callable[..., Any], args: argparse.Namespace) -> int:
    path = Path(args.file)
    if not path.is_file():
        _complain(_("There is no file {path}.").format(path=path))
        return FAULT
    meter = _Meter(sys.stderr)
    result = work(ctx, path, dry_run=args.dry_run, existing=args.existing, progress=meter.step)
    meter.end()
    errors = list(result.errors)
    for problem in errors[:MOST_ERRORS]:
        words = _("Row {row}, {column}: {message}")
        _complain(words.format(row=problem.row, column=problem.column, message=problem.message))
    more = len(errors) - MOST_ERRORS
    if more > 0:
        _complain(ngettext("… and {count} more.", "… and {count} more.", more).format(count=more))
    if errors:
        _say(_("Nothing was imported. Please correct the rows named above."))
        return FAULT
    for change in result.differences[:MOST_ERRORS]:
        old, new = (" ".join(str(value).split()) or "—" for value in (change.old, change.new))
        _say(_("Row {row}, {who}, {field}: {before} → {after}").format(
            row=change.row, who=change.who, field=change.field, before=old, after=new))  # fmt: skip
    if (more := result.difference_count - MOST_ERRORS) > 0:
        _say(ngettext("… and {count} more.", "… and {count} more.", more).format(count=more))
    counts = {"new": result.created, "changed": result.updated, "rows": result.rows}
    if args.dry_run:
        done = ngettext(
            "Checked {rows} row: {new} new, {changed} changed. Nothing was written.",
            "Checked {rows} rows: {new} new, {changed} changed. Nothing was written.", result.rows,
        )  # fmt: skip
    else:
        done = ngettext("Imported {rows} row: {new} new, {changed} changed.",
                        "Imported {rows} rows: {new} new, {changed} changed.", result.rows)  # fmt: skip
    _say(done.format(**counts))
    return OK


def run_sample(args: argparse.Namespace) -> int:
    """Fill an empty database with the sample office."""
    from crmdesk.core.clock import SystemClock
    from crmdesk.services.sample import SAMPLE_PASSWORD, fill_sample
    from crmdesk.services.setup import is_set_up, open_context, open_database

    settings, _fault = _settings()
    url = _address(args, settings)

    def work() -> int:
        clock = SystemClock()
        db = open_database(url, clock, create=True)
        try:
            if is_set_up(db):
                _complain(_("This database holds an office already; the sample office needs an empty one."))
                return FAULT
            meter = _Meter(sys.stderr)
            fill_sample(open_context(db, settings, clock), args.seed, meter.step)
            meter.end()
            _say(_("The sample office is ready at {place}.").format(place=db.place))
            _say(_("Everybody's password there: {password}").format(password=SAMPLE_PASSWORD))
            return OK
        finally:
            db.close()

    return _guarded(work)


def run_tour(args: argparse.Namespace) -> int:
    """Drive the real windows through one office day on a temporary database and keep pictures and papers."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from crmdesk.tour import run_tour as drive

    return int(drive(Path(args.out), language=args.language or "zh_TW", seed=args.seed, theme=args.theme))


def run_smoke(args: argparse.Namespace) -> int:
    """Prove that an installed or frozen program works: new database, one slip rendered, main window shown, quit."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="crmdesk-smoke-", ignore_cleanup_errors=True) as folder:
        os.environ["CRMDESK_HOME"] = folder
        from crmdesk.smoke import run_smoke as prove

        return _guarded(lambda: prove(_say))


def prepare(args: argparse.Namespace) -> None:
    """Choose the language before the first sentence: the option, this PC's setting, or Chinese of Taiwan."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows console may lack our characters
    settings, _fault = _settings()
    set_language(args.language or settings.language)


def _settings() -> tuple[Settings, str]:
    try:
        return load_settings(settings_path()), ""
    except CrmError as error:
        return Settings(), error.message


def _address(args: argparse.Namespace, settings: Settings) -> str:
    url = args.database or settings.database_url or default_url()
    if is_server(url) and not password_of(url):
        from crmdesk.services.secrets import find_password

        return with_password(url, find_password(url))
    return url


def _in_office(args: argparse.Namespace, work: Callable[[Any], int]) -> int:
    """Run work in the office's context, as the member of the staff named by ``--user``."""
    from crmdesk.core.clock import SystemClock
    from crmdesk.core.log import start_log
    from crmdesk.services.context import User
    from crmdesk.services.setup import is_set_up, open_context, open_database
    from crmdesk.services.staff import find_staff

    start_log(user_log_dir())
    settings, _fault = _settings()

    def steps() -> int:
        db = open_database(_address(args, settings), SystemClock())
        try:
            if not is_set_up(db):
                _complain(_("This office is not set up yet. Please start crmdesk once."))
                return FAULT
            ctx = open_context(db, settings, SystemClock())
            people = find_staff(ctx)
            chosen = [p for p in people if p.login == args.user] if args.user else _managers(people)
            if not chosen:
                _complain(_("There is no account “{name}”.").format(name=args.user or "manager"))
                return FAULT
            person = chosen[0]
            return work(ctx.acting_as(User(person.id, person.login, person.name, person.roles)))
        finally:
            db.close()

    return _guarded(steps)


def _managers(people: list[Any]) -> list[Any]:
    return [person for person in people if any(role in person.roles for role in _MANAGER_ROLES)]


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except CrmError as error:
        _complain(error.message)
        return FAULT
    except KeyboardInterrupt:
        _complain(_("Stopped. Nothing was written."))
        return 130
    except BrokenPipeError:  # who reads (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _say(text: str) -> None:
    print(text)


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


class _Meter:
    """Shows progress in one line of a terminal, and nothing when the output goes to a file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._last = 0.0

    def step(self, done: int, total: int) -> None:
        """Tell how far the work is."""
        now = time.monotonic()
        if self._shown and (now - self._last > 0.1 or done == total):
            self._last = now
            percent = 100 * done // total if total else 0
            self._stream.write(f"\r{percent:3d} %  {done:,} / {total:,} ")
            self._stream.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            self._stream.write("\n")
