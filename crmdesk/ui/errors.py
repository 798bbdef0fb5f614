"""Known errors are said where they belong; anything else is a bug: log, one crash window, and the program goes on."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import PySide6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

import crmdesk
from crmdesk.core.errors import AlreadySaved, ConflictError, ConnectionLost, CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import column, row
from crmdesk.ui.widgets.form import FormGrid
from crmdesk.ui.widgets.labels import Label

log = logging.getLogger("crmdesk.ui")


def report(error: BaseException) -> str:
    """Return what may be sent to the makers: kinds, places in the code and versions, never a word of the data.

    The error's own sentence is left out on purpose: it may quote a customer.
    """
    lines = [
        f"CRM Desk {getattr(crmdesk, '__version__', '?')}, Python {platform.python_version()}, "
        f"Qt {PySide6.__version__}, {platform.system()} {platform.release()}"
    ]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def _short(filename: str) -> str:
    """Return the file below the program's or a library's folder; the user's folders say who they are."""
    parts = Path(filename).parts
    for mark in ("crmdesk", "site-packages"):
        if mark in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(mark) - (mark == "crmdesk") :])
    return parts[-1] if parts else filename


class CrashWindow(QDialog):
    """Says in plain words that something went wrong; not modal, the work beside it goes on."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self.setModal(False)
        self.report = text
        self._count = 1
        self._title = Label(_("Something went wrong"), "card")
        self._words = Label(
            _(
                "The last step was not carried out. What you saved before is safe, and you can go on working. "
                "If it happens again, please copy the report and send it to your administrator."
            ),
            wrap=True,
        )
        self._words.setMinimumWidth(420)
        self._privacy = Label(_("The report holds no customer data."), "label", "muted")
        self.copy_button = Button(_("Copy report"), icon="copy")
        self.copy_button.clicked.connect(self._copy)
        self.close_button = Button(_("Go on"), kind="primary", key="Enter")
        self.close_button.clicked.connect(self.close)
        self.close_button.setDefault(True)
        body = QVBoxLayout(self)
        body.setContentsMargins(24, 20, 24, 20)
        body.setSpacing(16)
        words = column(self._title, self._words, self._privacy, spacing=6)
        sign = IconLabel("triangle-alert", "warning", 18, disc="warning", disc_size=36)
        head = row(sign, words, spacing=16)
        body.addLayout(head)
        body.addLayout(row(None, self.copy_button, self.close_button))
        self.close_button.setFocus()

    def add(self, text: str) -> None:
        """Append another report to this window instead of opening a second one."""
        self._count += 1
        self.report = f"{self.report}\n\n{text}"
        self._title.setText(_("Something went wrong ({count} times)").format(count=self._count))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self.copy_button.setText(_("Copied"))


class _Hook(QObject):
    """Carries errors of other threads to the GUI thread."""

    caught = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.caught.connect(self._show)
        self.window: CrashWindow | None = None

    def _show(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            show_error(QApplication.activeWindow(), error)
            return
        text = report(error)
        if self.window is not None and self.window.isVisible():
            self.window.add(text)
            return
        self.window = CrashWindow(text)
        self.window.show()


_hook: list[_Hook] = []


def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Handle an exception nobody caught (sys.excepthook)."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    if isinstance(error, CrmError):
        log.warning("told by nobody else: %s", kind.__name__)
    else:
        log.error("A bug: %s", report(error.with_traceback(trace)))
    if _hook and QGuiApplication.instance() is not None:
        _hook[0].caught.emit(error)


def _caught_in_thread(args: Any) -> None:
    if args.exc_value is not None:
        caught(args.exc_type, args.exc_value, args.exc_traceback)


def install() -> None:
    """Catch everything from now on; called once by the app after the QApplication is made."""
    _hook[:] = [_Hook()]
    sys.excepthook = caught
    threading.excepthook = _caught_in_thread


def uninstall() -> None:
    """Give the hooks back and close the crash window (end of the program, tests)."""
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    for hook in _hook:
        if hook.window is not None:
            hook.window.close()
            hook.window.deleteLater()
    _hook.clear()


def crash_window() -> CrashWindow | None:
    """Return the crash window if it is open."""
    window = _hook[0].window if _hook else None
    return window if window is not None and window.isVisible() else None


def show_error(owner: Any, error: BaseException, form: FormGrid | None = None) -> None:
    """Say an error where it belongs: under the fields, in the banner (cable, conflict), else as a short message.

    What is no CrmError is a bug and goes to the crash window.
    """
    if not isinstance(error, CrmError):
        caught(type(error), error, error.__traceback__)
        return
    text = error.message
    if isinstance(error, ValidationError) and form is not None:
        rest = form.set_errors(error.fields)
        if not rest:
            return
        text = " ".join(rest.values())
    if error.clause:
        text = _("{sentence} ({clause})").format(sentence=text, clause=error.clause)
    page = _speaker(owner)
    if page is None:
        from crmdesk.ui import dialogs

        dialogs.inform(owner if isinstance(owner, QWidget) else None, text)
    elif isinstance(error, ConnectionLost):
        page.tell_lost(text)
    elif isinstance(error, ConflictError):
        page.tell(text, "warning")
    else:
        page.notify(text, "info" if isinstance(error, AlreadySaved) else "danger")


def _speaker(owner: Any) -> Any:
    """Return the main window that can speak for this owner."""
    window = owner.window() if isinstance(owner, QWidget) else None
    while window is not None and not hasattr(window, "notify"):
        parent = window.parentWidget()
        window = parent.window() if parent is not None else None
    if window is None and isinstance(owner, QWidget) and not owner.isVisible():  # a page that is just being made
        return next((w for w in QApplication.topLevelWidgets() if hasattr(w, "notify")), None)
    return window
