"""The composition root: puts the parts together and decides what is shown when.

Start-up order, each step only after the one before:
 1. paths, settings, language (files of a few kilobytes);
 2. QApplication, theme, and the sign-in window: first paint, before SQLAlchemy, psycopg or ReportLab are imported;
 3. log and crash window; in a thread: import them, find the password in the keyring, open the database, check it,
    back it up, upgrade it;
 4. office, regulation, people: the sign-in window shows its tiles, or the set-up window on the first start;
 5. somebody signs in: context, main window with the desks of that role, change notices, lock timer;
 6. when idle: the pages' heavy libraries, the daily backup.
Whatever goes wrong in 3 stands in the sign-in window with what to do; nobody ever sees a traceback.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal
from PySide6.QtWidgets import QApplication

import crmdesk
from crmdesk.core import address
from crmdesk.core.clock import Clock, SystemClock
from crmdesk.core.errors import CrmError, DatabaseTooNew
from crmdesk.core.i18n import LANGUAGES, N_, _, language, set_language
from crmdesk.core.paths import user_config_dir, user_log_dir
from crmdesk.core.settings import Settings, load_settings, save_settings
from crmdesk.rules.rights import ROLES, Right
from crmdesk.ui import language as language_switch
from crmdesk.ui import theme
from crmdesk.ui.idle import IdleWatch
from crmdesk.ui.login.tiles import Person
from crmdesk.ui.login.window import LoginWindow

log = logging.getLogger(__name__)

CANT_OPEN = N_("The office's data can't be opened")
ASK_PASSWORD = N_("The office server asks for a password")
_HINTS = {
    "DatabaseTooNew": N_("Nothing was changed. Another PC of this office runs a newer CRM Desk already."),
    "DataMissing": N_("If the disk or stick with the data is not plugged in, plug it in and try again."),
    "ConnectionLost": N_("The other PCs keep working. Nothing typed on them is lost."),
    "DatabaseUnusable": N_("Backups lie in the folder “backup” beside the data file."),
}


class _Opening(QThread):
    """Opens the data away from the window, so that the window paints and answers meanwhile."""

    said = Signal(str)
    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Callable[[Callable[[str], None]], object]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        try:
            result = self._work(self.said.emit)
        except Exception as error:  # known errors become a sentence, bugs the crash window, both in the GUI thread
            self.failed.emit(error)
        else:
            self.opened.emit(result)


class Program(QObject):
    """The running program: one sign-in window, one main window for each person who signed in here."""

    ready = Signal()  # people are shown, or the first start's set-up
    signed_in = Signal(str)

    def __init__(
        self, app: QApplication, settings: Settings, clock: Clock, *, database: str = "", settings_fault: str = ""
    ) -> None:
        super().__init__()
        self.app, self.settings, self.clock = app, settings, clock
        self.given_url = database
        self.settings_fault = settings_fault
        self.ctx: Any = None
        self.user: Any = None
        self.windows: dict[str, Any] = {}
        self.live: Any = None
        self.news: Any = None
        self.setup: Any = None
        self._opening: _Opening | None = None
        self._password = ""
        self._keep_password = False
        self._idle = IdleWatch(app, settings)
        self._idle.idle.connect(self.lock)
        self.login = LoginWindow(clock)
        pane = self.login.sign_in
        pane.set_station(settings.station, settings.station_name)
        pane.show_place(address.spoken_place(self.url))
        pane.sign_in_requested.connect(self._check_password)
        pane.language_chosen.connect(self.set_language)
        pane.station_chosen.connect(self._set_station)
        pane.other_place_requested.connect(self._choose_place)
        pane.quit_requested.connect(self.quit)
        self.login.retry_requested.connect(self.open)
        self.login.other_place_requested.connect(self._choose_place)
        self.login.quit_requested.connect(self.quit)
        self.login.password_given.connect(self._open_with)
        self.login.closing.connect(self.quit)
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    # opening ----------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The address of the data: the command line's, this PC's setting, or the file in the user's folder."""
        return self.given_url or self.settings.database_url or address.default_url()

    def start(self) -> None:
        """Show the first window and open the data behind it."""
        file = address.file_of(self.url)
        if not self.settings.configured and not self.given_url and file is not None and not file.exists():
            self.show_setup()
            return
        self.login.show()
        QTimer.singleShot(0, self._after_first_paint)

    def _after_first_paint(self) -> None:
        self._begin_log()
        if self.settings_fault:
            from crmdesk.ui.login.trouble import Trouble

            self.login.show_trouble(Trouble(N_("This PC's settings can't be read"), self.settings_fault))
            self.settings_fault = ""  # "Try again" goes on with the standard settings
            return
        self.open()

    def _begin_log(self) -> None:
        """Start the log and the crash window; neither is needed for the first paint."""
        from crmdesk.core.log import start_log
        from crmdesk.ui import errors

        start_log(user_log_dir())
        errors.install()

    def open(self) -> None:
        """Open the data in a thread; ends in the tiles, the set-up or a clear sentence."""
        if self._opening is not None:
            return
        self.login.sign_in.set_waiting(True)
        self.login.show_sign_in()
        self._opening = _Opening(self._open_work)
        self._opening.said.connect(self._opening_says)
        self._opening.opened.connect(self._opened)
        self._opening.failed.connect(self._open_failed)
        self._opening.start()

    def _open_work(self, tell: Callable[[str], None]) -> object:
        from crmdesk.db.changes import Changes
        from crmdesk.services import setup, staff
        from crmdesk.services.secrets import find_password, keep_password

        url = self.url
        if address.is_server(url) and not address.password_of(url):
            url = address.with_password(url, self._password or find_password(url))
        db = setup.open_database(url, self.clock, changes=Changes(), progress=tell)
        if self._password and self._keep_password:
            keep_password(url, self._password)
        if not setup.is_set_up(db):
            db.close()
            return None
        ctx = setup.open_context(db, self.settings, self.clock)
        return ctx, staff.find_staff(ctx)

    def _opening_says(self, sentence: str) -> None:
        if not sentence.startswith(_("Checking the data …")):
            self.login.show_wait(sentence)

    def _end_opening(self) -> None:
        if self._opening is not None:
            self._opening.wait()
            self._opening.deleteLater()
            self._opening = None

    def _opened(self, result: Any) -> None:
        self._end_opening()
        self._password = ""
        if result is None:
            self.show_setup(url=self.url)
            return
        self.ctx, people = result
        if not self.given_url and not self.settings.configured:
            self.settings.windows["configured"] = True
            self._save_settings()
        self.show_people(people)
        self._watch()
        self.ready.emit()

    def _open_failed(self, error: Exception) -> None:
        from crmdesk.ui.login.trouble import Trouble

        self._end_opening()
        self.login.sign_in.set_waiting(False)
        if not isinstance(error, CrmError):
            from crmdesk.ui import errors

            errors.caught(type(error), error, error.__traceback__)
            error = CrmError(_("Something went wrong while the data was opened. The report says more."))
        kind = type(error).__name__
        log.warning("opening: %s", kind)
        if kind == "PasswordNeeded":
            self.login.show_trouble(Trouble(ASK_PASSWORD, error.message, asks_password=True))
        else:
            hint = _HINTS.get(kind, "")
            if kind == "DatabaseUnusable" and address.is_server(self.url):
                hint = ""
            self.login.show_trouble(Trouble(CANT_OPEN, error.message, hint))
        self.login.show()
        if isinstance(error, DatabaseTooNew):
            self.login.trouble.retry.setFocus()
        self.ready.emit()

    def _open_with(self, password: str, keep: bool) -> None:
        self._password, self._keep_password = password, keep
        self.open()

    def _watch(self) -> None:
        from crmdesk.services.news import News, joined
        from crmdesk.ui.live import LiveUpdates

        self.news = News(self.ctx.db)
        self.live = LiveUpdates(joined, self.ctx.db.changes.origin, self)
        self.ctx.db.changes.subscribe(self.live.hear)
        self.live.changed.connect(self._changed)
        self.live.saved_here.connect(self._saved_here)
        self.live.connection_changed.connect(self._connection_changed)
        if self.news.by_listening:
            self.live.watch_by_listening(self.news.listen)
        else:
            self.live.watch_by_polling(self.news.poll)

    # set-up -----------------------------------------------------------------------------------------------------

    def show_setup(self, *, url: str = "") -> None:
        """Show the first start's questions."""
        from crmdesk.ui.setup.window import SetupWindow

        self._begin_log()
        self.setup = SetupWindow(self.settings, self.clock, url=url)
        self.setup.language_chosen.connect(self.set_language)
        self.setup.finished.connect(self._setup_finished)
        self.setup.cancelled.connect(self._setup_cancelled)
        self.setup.setGeometry(self.login.geometry())
        self.setup.show()
        self.login.hide()
        self.ready.emit()

    def _choose_place(self) -> None:
        self.show_setup()
        self.setup.show_place()

    def _setup_finished(self, url: str) -> None:
        self.settings.windows["configured"] = True
        self.settings.database_url = "" if url == address.default_url() else address.with_password(url, "")
        self.given_url = ""
        self._save_settings()
        self._close_data()
        self.login.sign_in.set_station(self.settings.station, self.settings.station_name)
        self.login.sign_in.show_place(address.spoken_place(self.url))
        self._password, self._keep_password = address.password_of(url), False
        self._leave_setup()
        self.open()

    def _setup_cancelled(self) -> None:
        self._leave_setup()
        if self.ctx is None and not self.settings.configured:
            self.quit()
        elif self.ctx is None:
            self.open()

    def _leave_setup(self) -> None:
        self.login.setGeometry(self.setup.geometry())
        self.login.show()
        self.setup.hide()
        self.setup.deleteLater()
        self.setup = None

    # signing in, locking, switching -----------------------------------------------------------------------------

    def show_people(self, people: list[Any], login: str = "") -> None:
        """Show who may sign in; the one who was here last is chosen."""
        from crmdesk.rules.rights import rights_of

        shown = [
            Person(p.login, p.name, ROLES.get(p.roles[0], "") if p.roles else "", Right.STAFF in rights_of(p.roles))
            for p in people
        ]
        office = self.ctx.office
        self.login.show_office(office.company, _title(self.ctx.policy), office.opens)
        self.login.sign_in.set_waiting(False)
        self.login.show_people(shown, login or str(self.settings.windows.get("last_login", "")))

    def _check_password(self, login: str, password: str) -> None:
        from crmdesk.services.staff import sign_in
        from crmdesk.ui import tasks

        ctx = self.ctx

        def work(progress: object) -> object:
            return sign_in(ctx, login, password)

        tasks.run(self.login, work, self._signed_in, self._sign_in_failed, title=_("Signing in"), cancellable=False)

    def _sign_in_failed(self, error: Exception) -> None:
        if isinstance(error, CrmError):
            self.login.sign_in.show_error(error.message, getattr(error, "seconds", 0))
            return
        self.login.sign_in.show_error(_("Something went wrong. Please try again."))
        from crmdesk.ui import errors

        errors.caught(type(error), error, error.__traceback__)

    def _signed_in(self, user: Any) -> None:
        self.user = user
        self.settings.windows["last_login"] = user.login
        self._save_settings()
        window = self.windows.get(user.login)
        if window is None:
            window = self._make_window(user)
            self.windows[user.login] = window
        else:
            window.refresh(None)
        window.setGeometry(self.login.geometry()) if not window.isMaximized() and self.login.isVisible() else None
        window.show()
        window.activateWindow()
        self.login.sign_in.clear()
        self.login.hide()
        self._idle.start()
        self.signed_in.emit(user.login)
        QTimer.singleShot(1500, self._when_idle)

    @property
    def window(self) -> Any:
        """The main window of the person who is signed in; None before."""
        return self.windows.get(self.user.login) if self.user is not None else None

    def lock(self) -> None:
        """Hide the work behind the sign-in window; the same person comes back to it as it was."""
        self._leave_window(locked=True)
        self.login.sign_in.focus_password()

    def switch_user(self) -> None:
        """Show the people with the keyboard on them: one digit or arrow chooses, then the password."""
        self._leave_window(locked=False)
        self.login.sign_in.focus_people()

    def _leave_window(self, *, locked: bool) -> None:
        window = self.window
        if window is None or not window.isVisible():
            return
        from crmdesk.services.staff import find_staff

        self._idle.stop()
        login = self.user.login
        try:
            people = find_staff(self.ctx)
        except CrmError:
            people = None  # the cable is out: the people shown last will do
        self.login.sign_in.clear()
        self.login.sign_in.set_locked(locked)
        if people is not None:
            self.show_people(people, login)
        self.login.setGeometry(window.geometry())
        self.login.setWindowState(window.windowState())
        self.login.show()
        window.hide()

    # the main window --------------------------------------------------------------------------------------------

    def _make_window(self, user: Any) -> Any:
        from crmdesk.ui.desks import page_specs
        from crmdesk.ui.main_window import MainWindow
        from crmdesk.ui.opening import Opener
        from crmdesk.ui.shell import Shell

        ctx = self.ctx.acting_as(user)
        roles = ", ".join(_(ROLES[role]) for role in user.roles if role in ROLES)
        opener = Opener(ctx)
        shell = Shell(
            ctx=ctx,
            company=ctx.office.company,
            user_name=user.name,
            user_role=roles,
            station=ctx.station,
            place=address.spoken_place(self.url),
            language=self.settings.language,
            theme=self.settings.theme,
            scale=self.settings.scale,
            memory=self.settings.windows.setdefault(f"user.{user.login}", {}),
            allowed=_Allowed(user),
            search=opener.search,
            open_match=opener.open_match,
            open_code=opener.open_code,
            switch_user=self.switch_user,
            lock=self.lock,
            set_language=self.set_language,
            set_theme=self.set_theme,
            set_scale=self.set_scale,
            show_clause=opener.show_clause,
            clause_text=opener.clause_text,
            about=self._about,
        )
        window = MainWindow(shell, page_specs())
        opener.begin(window)
        window.closing.connect(self.quit)
        keys = window.keys()
        if keys:
            wanted = {"packing": "packing", "manager": "month"}.get(self.settings.station, "calls")
            window.show_page(wanted if wanted in keys else keys[0])
        if self.live is not None and not self.live.connected:
            self._tell_connection(window, False)
        return window

    def _changed(self, notice: Any) -> None:
        if notice.touches("office", "policy"):
            self._reload_office()
        window = self.window
        if window is not None and window.isVisible():
            window.refresh(notice)
            window.findChild(QObject, "opener").count()
        elif self.login.isVisible() and self.ctx is not None and notice.touches("staff"):
            from crmdesk.services.staff import find_staff

            self.show_people(find_staff(self.ctx), self.login.sign_in.tiles.login())

    def _reload_office(self) -> None:
        from crmdesk.services.setup import reload_office

        try:
            self.ctx = reload_office(self.ctx)
        except CrmError as error:
            log.warning("office: %s", type(error).__name__)
            return
        for login, window in self.windows.items():
            fresh = self.ctx.acting_as(window.shell.ctx.user)
            window.shell.ctx = fresh
            for page in window.made_pages().values():
                page.ctx = fresh
            log.info("office reloaded for %s", login)

    def _saved_here(self) -> None:
        window = self.window
        if window is not None:
            window.set_saved(f"{self.clock.local(self.clock.now()):%H:%M:%S}")

    def _connection_changed(self, connected: bool) -> None:
        for window in self.windows.values():
            self._tell_connection(window, connected)
        if not connected:
            words = _("No connection to the office server. It is tried again every two seconds.")
            self.login.sign_in.show_notice(words)
        else:
            self.login.sign_in.show_notice("")

    def _tell_connection(self, window: Any, connected: bool) -> None:
        window.set_connection(address.spoken_place(self.url), ok=connected)
        if connected:
            window.tell("")
            window.notify(_("Connected again. Everything shown is up to date."), "ok")
        else:
            words = _("No connection to the office's data. Your text is kept; it is tried again by itself.")
            window.tell(words, "danger")

    def _when_idle(self) -> None:
        """Do what may wait until somebody works: the daily backup."""
        window = self.window
        if window is None:
            return
        from crmdesk.services.backups import backup_now, is_due
        from crmdesk.ui import tasks

        ctx = window.shell.ctx
        if is_due(ctx):

            def work(progress: object) -> object:
                return backup_now(ctx)

            tasks.run(window, work, self._backed_up, self._backup_failed, title=_("Daily backup"), cancellable=False)

    def _backed_up(self, path: Path) -> None:
        log.info("daily backup %s", path.name)

    def _backup_failed(self, error: Exception) -> None:
        window = self.window
        if isinstance(error, CrmError) and window is not None:
            window.tell(_("The daily backup failed: {reason}").format(reason=error.message), "warning")

    # settings of this PC ----------------------------------------------------------------------------------------

    def set_language(self, code: str) -> None:
        """Speak another language from now on; what was typed stays."""
        if code not in LANGUAGES:
            return
        self.settings.language = code
        language_switch.switch(self.app, code)
        self.login.sign_in.show_place(address.spoken_place(self.url))
        if self.settings.configured:
            self._save_settings()
        for window in self.windows.values():
            window.shell.language = code

    def set_theme(self, name: str) -> None:
        """Look light, dark or as the system."""
        self.settings.theme = name
        theme.apply(self.app, dark=theme.wants_dark(name))
        self._save_settings()

    def set_scale(self, percent: int) -> None:
        """Keep another size of the screens; it is drawn so at the next start."""
        self.settings.scale = percent
        self._save_settings()
        if self.window is not None:
            self.window.notify(_("The new size is used from the next start."), "info")

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.settings.theme == "system":
            theme.apply(self.app, dark=theme.wants_dark("system"))

    def _set_station(self, station: str) -> None:
        self.settings.station = station
        self._save_settings()
        if self.ctx is not None:
            from crmdesk.services.setup import reload_office

            self.ctx = reload_office(self.ctx)

    def _save_settings(self) -> None:
        try:
            save_settings(self.settings, user_config_dir() / "settings.json")
        except OSError as error:
            log.warning("settings: %s", error.__class__.__name__)
            if self.window is not None:
                self.window.notify(_("This PC's settings could not be saved. Please check the disk."), "danger")

    def _about(self) -> None:
        from crmdesk.ui import dialogs

        dialogs.inform(
            self.window,
            _("CRM Desk {version}\nData: {place}\nLog: {log}").format(
                version=crmdesk.__version__, place=self.ctx.db.place, log=user_log_dir()
            ),
        )

    # the end ----------------------------------------------------------------------------------------------------

    def _close_data(self) -> None:
        if self.live is not None:
            self.live.stop()
            self.live.deleteLater()
            self.live = None
        if self.news is not None:
            self.news.close()
            self.news = None
        for window in self.windows.values():
            window.hide()
            window.deleteLater()
        self.windows = {}
        self.user = None
        if self.ctx is not None:
            self.ctx.db.close()
            self.ctx = None

    def close(self) -> None:
        """End timers, threads and connections; the windows are gone after this."""
        from crmdesk.ui import errors, tasks

        self._idle.stop()
        self._end_opening()
        tasks.stop_all()
        self._save_settings() if self.settings.configured else None
        self._close_data()
        for window in (self.login, self.setup):
            if window is not None:
                window.blockSignals(True)
                window.hide()
                window.deleteLater()
        errors.uninstall()

    def quit(self) -> None:
        """Leave the event loop, also when it has not begun yet; ``close`` follows."""
        QTimer.singleShot(0, self.app.quit)


def _title(policy: Any) -> str:
    """Return the short name of a regulation in the language in force."""
    title: str = policy.title.get(language(), policy.title["en"])
    return title


class _Allowed:
    """Which desks a user sees; a right the rules don't know hides nothing by mistake, it raises."""

    def __init__(self, user: Any) -> None:
        self._rights = user.rights

    def __call__(self, right: str) -> bool:
        return not right or Right(right) in self._rights


def make_application() -> QApplication:
    """Return the QApplication with the program's name; there is only one in a process."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("CRM Desk")
    app.setApplicationVersion(crmdesk.__version__)
    app.setDesktopFileName("crmdesk")
    app.setQuitOnLastWindowClosed(False)
    return app


def run(*, database: str = "", speak: str = "") -> int:
    """Open the program and return its exit code when it is closed."""
    fault = ""
    try:
        settings = load_settings(user_config_dir() / "settings.json")
    except CrmError as error:
        settings, fault = Settings(), error.message
    if speak:
        settings.language = speak
    if settings.language not in LANGUAGES:
        settings.language = "zh_TW"
    set_language(settings.language)
    theme.prepare_scale(settings.scale)
    os.environ.setdefault("QT_ENABLE_HIGHDPI_SCALING", "1")
    app = make_application()
    language_switch.switch(app, settings.language)
    theme.apply(app, dark=theme.wants_dark(settings.theme), scale=settings.scale)
    program = Program(app, settings, SystemClock(), database=database, settings_fault=fault)
    program.start()
    try:
        return app.exec()
    finally:
        program.close()
