"""Opening the office's data and making a new office: what happens before anybody can sign in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select, text

from crmdesk.core.address import is_server
from crmdesk.core.clock import Clock
from crmdesk.core.errors import ConnectionLost, CrmError, DatabaseUnusable, ValidationError
from crmdesk.core.i18n import LANGUAGES, N_, _, language
from crmdesk.core.settings import STATIONS, Settings
from crmdesk.db.backup import backup_before_upgrade
from crmdesk.db.changes import Changes
from crmdesk.db.engine import is_network_path, parse_url
from crmdesk.db.session import Database
from crmdesk.db.upgrade import check, head, upgrade
from crmdesk.model.staff import StaffMember
from crmdesk.rules.packs import DEFAULT_PACK
from crmdesk.rules.policies import DEFAULT_ACTIVE
from crmdesk.rules.worktime import COUNTRIES
from crmdesk.services.context import NOBODY, Context, Office
from crmdesk.services.office import load_office, load_policy, save_office
from crmdesk.services.staff import StaffForm, check_staff_form, create_first_manager

log = logging.getLogger(__name__)

CURRENCIES = {
    "TWD": N_("New Taiwan dollar"),
    "CNY": N_("Renminbi"),
    "HKD": N_("Hong Kong dollar"),
    "USD": N_("US dollar"),
}
HOME_OF_CURRENCY = {"TWD": "TW", "CNY": "CN", "HKD": "HK", "USD": "US"}

#: The kinds of office, each the name of its pack; what several kinds share are packs too, but nobody's home.
OFFICE_KINDS = ("showroom", "factory", "property", "hotel", "bank", "winery", "dealer", "projects", "security")

Progress = Callable[[str], None]


class PasswordNeeded(CrmError):
    """The server refuses the password, or none is known: the window asks for it and tries again."""


class DataMissing(DatabaseUnusable):
    """The data file this PC worked with isn't where it was."""


@dataclass(frozen=True)
class Found:
    """What a look at a database showed: a sentence, and the company when its office is set up already."""

    sentence: str
    set_up: bool = False
    company: str = ""


@dataclass(frozen=True)
class SetupForm:
    """What the first start asks; ``login``, ``name`` and ``password`` are the manager's account."""

    language: str
    company: str
    currency: str
    station: str
    station_name: str = ""
    login: str = ""
    name: str = ""
    password: str = ""
    kind: str = DEFAULT_PACK  # of office: the home pack of its regulation


def sqlite_file(url: str) -> Path | None:
    """Return the data file of an address; None for a server."""
    parsed = parse_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def open_database(
    url: str, clock: Clock, *, changes: Changes | None = None, create: bool = False, progress: Progress | None = None
) -> Database:
    """Open the office's data ready for work: check, back up, upgrade.

    ``create`` allows a new data file; without it a missing file is DataMissing, because an empty office in the
    place of the real one would frighten people. Raises DatabaseUnusable, DatabaseTooNew, ConnectionLost,
    PasswordNeeded, DiskFull; never leaves connections open behind an error.
    """
    tell = progress or _silent
    path = sqlite_file(url)
    if path is not None:
        if is_network_path(path):
            Database(url)  # raises the refusal with its reason
        if not path.exists() and not create:
            raise DataMissing(
                _("The data file is not there any more ({path}). If it was moved, please say where it is now.").format(
                    path=path
                )
            )
        _make_folder(path)
    db = Database(url, changes)
    try:
        with _clear_words(url):
            tell(_("Checking the data…"))
            version = check(db)
            if version not in (None, head()):
                tell(_("Saving a backup, then bringing the data up to date…"))
            elif version is None:
                tell(_("Making a new, empty office…"))
            moment = clock.local(clock.now())
            upgrade(db, lambda database: backup_before_upgrade(database, moment))
    except BaseException:
        db.close()
        raise
    return db


def test_database(url: str) -> Found:
    """Look at a database without changing anything; the sentence says what was found.

    Raises the same errors as :func:`open_database`, and UserError for an address that can't be one.
    """
    path = sqlite_file(url)
    if path is not None and not path.exists() and not is_network_path(path):
        return Found(_("A new data file will be made here: {path}").format(path=path))
    db = Database(url)
    try:
        with _clear_words(url):
            version = check(db)
            if version is None:
                _may_create(db)
                return Found(_("Connected. The database is empty; your office will be set up in it."))
            if version != head():
                return Found(_("Connected. The data will be brought up to date, after a backup."), True)
            if not is_set_up(db):
                return Found(_("Connected. The database is empty; your office will be set up in it."))
            company = load_office(db).company
            return Found(
                _("Connected. This PC joins the office of {company}.").format(company=company), True, company
            )
    finally:
        db.close()


test_database.__test__ = False  # type: ignore[attr-defined]  # a name for people, not a test


def is_set_up(db: Database) -> bool:
    """Whether the office has somebody who can sign in."""
    with db.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(StaffMember)))


def check_setup(form: SetupForm) -> None:
    """Raise ValidationError for what the first start can't go on with."""
    errors: dict[str, str] = {}
    if form.language not in LANGUAGES:
        errors["language"] = _("Please choose a language.")
    if not form.company.strip():
        errors["company"] = _("Please enter the company's name.")
    elif len(form.company.strip()) > 80:
        errors["company"] = _("At most {count} characters, please.").format(count=80)
    if form.currency not in CURRENCIES:
        errors["currency"] = _("Please choose a currency.")
    if form.kind not in OFFICE_KINDS:
        errors["kind"] = _("Please choose the kind of office.")
    errors.update(station_errors(form.station, form.station_name))
    try:
        check_staff_form(StaffForm(form.login, form.name, ("manager", "administrator"), form.password))
    except ValidationError as error:
        errors.update(error.fields)
    if errors:
        raise ValidationError(errors)


def packs_of(kind: str) -> tuple[str, ...]:
    """Return the packs that a fresh office of a kind works by: its own first, then those every desk here knows."""
    return (kind, *(name for name in DEFAULT_ACTIVE if name != kind))


def find_office_kinds() -> list[tuple[str, str]]:
    """Return the kinds of office with their titles in the language in force; PackError when a pack is broken."""
    packs = load_policy().packs
    return [(name, packs[name].title.get(language()) or packs[name].title["en"]) for name in OFFICE_KINDS]


def station_errors(station: str, name: str) -> dict[str, str]:
    """Return what is wrong with the description of this PC, by field."""
    errors = {} if station in STATIONS else {"station": _("Please choose what this PC is for.")}
    if len(name.strip()) > 40:
        errors["station_name"] = _("At most {count} characters, please.").format(count=40)
    return errors


def create_office(db: Database, settings: Settings, clock: Clock, form: SetupForm) -> Context:
    """Write the office's settings and its manager into an open, empty database; return the office's context.

    Raises ValidationError before anything is written, UserError when somebody set it up in the meantime.
    """
    check_setup(form)
    office = Office(
        company=form.company.strip(),
        currency=form.currency,
        language=form.language if form.language != "en" else "zh_TW",
        home=HOME_OF_CURRENCY[form.currency],
        holidays=home if (home := HOME_OF_CURRENCY[form.currency]) in COUNTRIES else "",
        packs=packs_of(form.kind),
    )
    policy = load_policy().with_packs(office.packs)
    ctx = Context(db, settings, NOBODY, clock, db.changes, station_name(settings), policy, office)
    create_first_manager(ctx, StaffForm(form.login, form.name, ("manager", "administrator"), form.password))
    save_office(ctx, office, first=True)
    log.info("office set up")
    return ctx


def open_context(db: Database, settings: Settings, clock: Clock) -> Context:
    """Return the context of an office that is set up, with nobody signed in yet."""
    return Context(db, settings, NOBODY, clock, db.changes, station_name(settings), load_policy(db), load_office(db))


def reload_office(ctx: Context) -> Context:
    """Return the context with the office's settings and numbers as they are saved now."""
    return replace(ctx, office=load_office(ctx.db), policy=load_policy(ctx.db), station=station_name(ctx.settings))


def station_name(settings: Settings) -> str:
    """Return the name of this PC as it stands in the history."""
    return settings.station_name.strip() or _(STATIONS.get(settings.station, STATIONS["reception"]))


def _silent(sentence: str) -> None:
    """Nobody watches."""


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            _("The folder of the data can't be made ({folder}). Please choose another place.").format(
                folder=path.parent
            )
        ) from error


def _may_create(db: Database) -> None:
    if db.is_sqlite:
        return
    with db.engine.connect() as connection:
        allowed = connection.execute(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")).scalar()
    if not allowed:
        raise DatabaseUnusable(
            _("This user may not create tables in the database. Please make it the owner of the database (see README).")
        )


@contextmanager
def _clear_words(url: str) -> Iterator[None]:
    """Say why a server can't be opened: before the first connection the driver has only its own words for it."""
    try:
        yield
    except (ConnectionLost, DatabaseUnusable) as error:
        if not is_server(url):
            raise
        raise _reason(url, error) from error


def _reason(url: str, error: CrmError) -> CrmError:
    cause = error.__cause__
    words = str(getattr(cause, "orig", "")).lower()
    parsed = parse_url(url)
    host = parsed.host or "localhost"
    if "password" in words or "authentication" in words:
        if not parsed.password:
            return PasswordNeeded(_("The server asks for the password of “{user}”.").format(user=parsed.username or ""))
        return PasswordNeeded(_("The server refuses this user name or password. Please type it again."))
    if "pg_hba" in words:
        return DatabaseUnusable(
            _("The server does not let this PC in. It has to be allowed there first (pg_hba.conf, see README).")
        )
    if "role" in words and "does not exist" in words:
        return DatabaseUnusable(
            _("The server knows no user “{user}”. Please create it first (see README).").format(user=parsed.username)
        )
    if "database" in words and "does not exist" in words:
        return DatabaseUnusable(
            _("There is no database “{name}” on the server. Please create it first (see README).").format(
                name=parsed.database
            )
        )
    if "resolve" in words or "translate host" in words:
        unknown = _("There is no server “{host}” in this network. Please check the name.")
        return ConnectionLost(unknown.format(host=host))
    if isinstance(error, ConnectionLost):
        silent = _(
            "The office server {host} can't be reached. Please check that it is switched on and the cable is in."
        )
        return ConnectionLost(silent.format(host=host))
    return error
