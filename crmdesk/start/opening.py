"""Opens the office's data away from the window, and says in the sign-in window what is wrong when it can't."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from crmdesk.core import address
from crmdesk.core.clock import Clock
from crmdesk.core.errors import CrmError, DatabaseTooNew
from crmdesk.core.i18n import N_, _
from crmdesk.core.settings import Settings
from crmdesk.ui.login.window import LoginWindow

log = logging.getLogger(__name__)

CANT_OPEN = N_("The office's data can't be opened")
ASK_PASSWORD = N_("The office server asks for a password")
_HINTS = {
    "DatabaseTooNew": N_("Nothing was changed. Another PC of this office runs a newer CRM Desk already."),
    "DataMissing": N_("If the disk or stick with the data is not plugged in, plug it in and try again."),
    "ConnectionLost": N_("The other PCs keep working. Nothing typed on them is lost."),
    "PackError": N_("Nothing of your data was changed. Installing CRM Desk again puts the regulation back."),
    "DatabaseUnusable": N_("Backups lie in the folder “backup” beside the data file."),
}


class _Thread(QThread):
    """Works away from the window, so that the window paints and answers meanwhile."""

    said = Signal(str)
    done = Signal(object)
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
            self.done.emit(result)


class DataOpening(QObject):
    """One opening at a time; ``opened`` brings (context, people), or None when the data has no office yet."""

    opened = Signal(object)
    failed = Signal()

    def __init__(self, login: LoginWindow, settings: Settings, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._login, self._settings, self._clock = login, settings, clock
        self._thread: _Thread | None = None
        self._url = ""
        self._password = ""
        self._keep_password = False

    def use_password(self, password: str, *, keep: bool) -> None:
        """Use this password for the server next time; ``keep`` puts it into the keyring when it fits."""
        self._password, self._keep_password = password, keep

    def start(self, url: str) -> None:
        """Open the data in a thread, unless it is being opened already."""
        if self._thread is not None:
            return
        self._url = url
        self._login.sign_in.set_waiting(True)
        self._login.show_sign_in()
        self._thread = _Thread(self._work)
        self._thread.said.connect(self._says)
        self._thread.done.connect(self._done)
        self._thread.failed.connect(self._failed)
        self._thread.start()

    def end(self) -> None:
        """Wait until nothing is being opened."""
        if self._thread is not None:
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None

    def _work(self, tell: Callable[[str], None]) -> object:
        from crmdesk.db.changes import Changes
        from crmdesk.services import setup, staff
        from crmdesk.services.secrets import find_password, keep_password

        url = self._url
        if address.is_server(url) and not address.password_of(url):
            url = address.with_password(url, self._password or find_password(url))
        db = setup.open_database(url, self._clock, changes=Changes(), progress=tell)
        if self._password and self._keep_password:
            keep_password(url, self._password)
        if not setup.is_set_up(db):
            db.close()
            return None
        ctx = setup.open_context(db, self._settings, self._clock)
        return ctx, staff.find_staff(ctx)

    def _says(self, sentence: str) -> None:
        if not sentence.startswith(_("Checking the data…")):
            self._login.show_wait(sentence)

    def _done(self, result: object) -> None:
        self.end()
        self._password = ""
        self.opened.emit(result)

    def _failed(self, error: Exception) -> None:
        from crmdesk.ui.login.trouble import Trouble

        self.end()
        self._login.sign_in.set_waiting(False)
        if not isinstance(error, CrmError):
            from crmdesk.ui import errors

            errors.caught(type(error), error, error.__traceback__)
            error = CrmError(_("Something went wrong while the data was opened. The report says more."))
        kind = type(error).__name__
        log.warning("opening: %s", kind)
        if kind == "PasswordNeeded":
            self._login.show_trouble(Trouble(ASK_PASSWORD, error.message, asks_password=True))
        else:
            hint = _HINTS.get(kind, "")
            if kind == "DatabaseUnusable" and address.is_server(self._url):
                hint = ""
            self._login.show_trouble(Trouble(CANT_OPEN, error.message, hint))
        self._login.show()
        if isinstance(error, DatabaseTooNew):
            self._login.trouble.retry.setFocus()
        self.failed.emit()
