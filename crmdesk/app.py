"""The composition root: puts the parts together and decides what is shown when.

Start-up order, each step only after the one before:
 1. paths, settings, language (files of a few kilobytes);
 2. QApplication, theme, and the sign-in window: first paint, before SQLAlchemy, psycopg or ReportLab are imported;
 3. log and crash window; in a thread: import them, find the password in the keyring, open the database, check it,
    back it up, upgrade it;
 4. office, regulation, people: the sign-in window shows its tiles, or the set-up window on the first start;
 5. somebody signs in: context, main window with the desks of that role, change notices, lock timer;
 6. while the password is typed: the code of the desks, piece by piece, and the first board; when idle: the daily
    backup.
Whatever goes wrong in 3 stands in the sign-in window with what to do; nobody ever sees a traceback.
"""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crmdesk.core import address
from crmdesk.core.clock import Clock, SystemClock
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.core.settings import Settings
from crmdesk.start.ahead import MadeAhead
from crmdesk.start.application import begin_log, collect_seldom, dressed_application, make_application, read_settings
from crmdesk.start.desk_window import about, give_office, hours_today, make_window, persons, tell_connection, title_of
from crmdesk.start.opening import DataOpening
from crmdesk.start.rings import Rings
from crmdesk.start.this_pc import ThisPc
from crmdesk.ui.idle import IdleWatch
from crmdesk.ui.login.window import LoginWindow

log = logging.getLogger(__name__)


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
        self.rings, self._ahead = Rings(self), MadeAhead(self)
        self.pc = ThisPc(app, settings, self)
        self.pc.not_saved.connect(self._settings_not_saved)
        self._idle = IdleWatch(app, settings)
        self._idle.idle.connect(self.lock)
        self.login = LoginWindow(clock)
        self._opening = DataOpening(self.login, settings, clock, self)
        self._opening.opened.connect(self._opened)
        self._opening.failed.connect(self.ready)
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
        begin_log()
        if self.settings_fault:
            from crmdesk.ui.login.trouble import Trouble

            self.login.show_trouble(Trouble(N_("This PC's settings can't be read"), self.settings_fault))
            self.settings_fault = ""  # "Try again" goes on with the standard settings
            return
        self.open()

    def open(self) -> None:
        """Open the data in a thread; ends in the tiles, the set-up or a clear sentence."""
        self._opening.start(self.url)

    def _opened(self, result: Any) -> None:
        if result is None:
            self.show_setup(url=self.url)
            return
        self.ctx, people = result
        if not self.given_url and not self.settings.configured:
            self.settings.windows["configured"] = True
            self.pc.save()
        self.show_people(people)
        self._watch()
        self.ready.emit()
        self._ahead.begin(self.ctx, people, self.login.sign_in.tiles.login())

    def _open_with(self, password: str, keep: bool) -> None:
        self._opening.use_password(password, keep=keep)
        self.open()

    def _watch(self) -> None:
        from crmdesk.start.watching import watch

        self.news, self.live = watch(self.ctx, self)
        self.live.changed.connect(self._changed)
        self.live.saved_here.connect(self._saved_here)
        self.live.connection_changed.connect(self._connection_changed)

    # set-up -----------------------------------------------------------------------------------------------------

    def show_setup(self, *, url: str = "") -> None:
        """Show the first start's questions."""
        from crmdesk.ui.setup.window import SetupWindow

        begin_log()
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
        self.pc.save()
        self._close_data()
        self.login.sign_in.set_station(self.settings.station, self.settings.station_name)
        self.login.sign_in.show_place(address.spoken_place(self.url))
        self._opening.use_password(address.password_of(url), keep=False)
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
        self.login.show_office(self.ctx.office.company, title_of(self.ctx.policy), hours_today(self.ctx))
        self.login.sign_in.set_waiting(False)
        self.login.show_people(persons(people), login or str(self.settings.windows.get("last_login", "")))

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
        self._ahead.end()
        self.user = user
        self.settings.windows["last_login"] = user.login
        self.pc.save()
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
        from crmdesk.ui.checklists.closing_offer import closing_words

        window = self.window
        self._leave_window(locked=True)
        self.login.sign_in.focus_password()
        if window is not None and (words := closing_words(window.shell.ctx)):
            self.login.sign_in.show_notice(words)

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
        window = make_window(
            self.ctx.acting_as(user), self.settings, address.spoken_place(self.url), switch_user=self.switch_user,
            lock=self.lock, set_language=self.set_language, set_theme=self.pc.set_theme, set_scale=self.set_scale,
            about=self._about, remember=self.pc.save, answers=self.rings.answers,
        )  # fmt: skip
        window.closing.connect(self.quit)
        if self.live is not None and not self.live.connected:
            tell_connection(window, address.spoken_place(self.url), connected=False)
        return window

    def _changed(self, notice: Any) -> None:
        if notice.touches("office", "policy", "own_day", "checklist_template"):
            self._reload_office()
        window = self.window
        if window is not None and window.isVisible():
            window.refresh(notice)
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
        give_office(self.ctx, self.windows.values())
        log.info("office reloaded")

    def _saved_here(self) -> None:
        window = self.window
        if window is not None:
            window.set_saved(f"{self.clock.local(self.clock.now()):%H:%M:%S}")

    def _connection_changed(self, connected: bool) -> None:
        for window in self.windows.values():
            tell_connection(window, address.spoken_place(self.url), connected=connected)
        if not connected:
            words = _("No connection to the office server. It is tried again every two seconds.")
            self.login.sign_in.show_notice(words)
        else:
            self.login.sign_in.show_notice("")

    def _when_idle(self) -> None:
        """Do what may wait until somebody works: the daily backup."""
        if self.window is not None:
            from crmdesk.start.daily_backup import DailyBackup

            DailyBackup(self.window).make_if_due()

    # settings of this PC ----------------------------------------------------------------------------------------

    def set_language(self, code: str) -> None:
        """Speak another language from now on; what was typed stays."""
        if not self.pc.set_language(code):
            return
        self.login.sign_in.show_place(address.spoken_place(self.url))
        if self.windows:
            from crmdesk.services.setup import station_name

            station = station_name(self.settings)
            for window in self.windows.values():
                window.shell.language = code
                window.set_connection(address.spoken_place(self.url), station=station)

    def set_scale(self, percent: int) -> None:
        """Keep another size of the screens; it is drawn so at the next start."""
        self.pc.set_scale(percent)
        if self.window is not None:
            self.window.notify(_("The new size is used from the next start."), "info")

    def _set_station(self, station: str) -> None:
        self.settings.station = station
        self.pc.save()
        if self.ctx is not None:
            from crmdesk.services.setup import reload_office

            self.ctx = reload_office(self.ctx)

    def _settings_not_saved(self) -> None:
        if self.window is not None:
            self.window.notify(_("This PC's settings could not be saved. Please check the disk."), "danger")

    def _about(self) -> None:
        about(self.window, self.ctx.db.place)

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

        self._ahead.end()
        self._idle.stop()
        self._opening.end()
        tasks.stop_all()
        self.rings.close()
        self.pc.save() if self.settings.configured else None
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


def run(*, database: str = "", speak: str = "", door: str = "", ring: Any = None) -> int:
    """Open the program and return its exit code when it is closed; others hand over at ``door``, ``ring`` waits."""
    collect_seldom()
    settings, fault = read_settings(speak)
    app = dressed_application(settings)
    program = Program(app, settings, SystemClock(), database=database, settings_fault=fault)
    program.rings.begin(door, ring)
    program.start()
    try:
        return app.exec()
    finally:
        program.close()


__all__ = ["Program", "make_application", "run"]
