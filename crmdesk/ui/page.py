"""The base of every desk's page, and how pages are made known to the main window: as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.ui.widgets.button import Button, caps
from crmdesk.ui.widgets.labels import key_sequence

MAX_MINIMUM = QSize(1280 - 168, 680 - 80)  # what the frame leaves of a 1280 × 680 screen

KeyHints = list[tuple[str, str]]


class Page(QWidget):
    """One page in the main window's stack.

    A desk's page builds its widgets in ``__init__``, writes every text in ``retranslate()`` (called at the end of its
    own ``__init__`` and again on a switch of language), and overrides what it needs of ``key_hints``, ``load``,
    ``refresh``, ``leave`` and ``clauses``. It never reaches for the window: it emits signals.
    """

    subtitle_changed = Signal(str)
    hints_changed = Signal()
    title_changed = Signal()
    open_requested = Signal(str, dict)  # key of a page, arguments for its load()
    back_requested = Signal()
    said = Signal(str, str)  # a short message and its tone: ok, warning, danger, info
    offered = Signal(str, str, str, object)  # what was done, the word and the key that take it back, the page
    offer_taken = Signal()  # the frame tells the page that it is to be taken back
    saved = Signal()  # something was written: the status line shows the time
    banner_requested = Signal(str, str, str)  # tone, sentence, word of the button ('' for none); '' '' '' takes it away
    banner_answered = Signal()  # the frame tells the page that its banner's button was pressed
    busy_changed = Signal(bool)

    #: True for packing and cash: the page fills the window, no rail, no top line.
    full_screen = False

    def __init__(self, ctx: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._subtitle = ""
        self._stale = False
        self._hint_timer = QTimer(self)  # a page that turns changes many keys at once: the hints are written once
        self._hint_timer.setSingleShot(True)
        self._hint_timer.setInterval(0)
        self._hint_timer.timeout.connect(self.hints_changed)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*((28, 16, 28, 16) if self.full_screen else (20, 0, 20, 8)))
        self.body.setSpacing(12)

    def take_office(self, ctx: Any) -> None:
        """Work by the office and the regulation as they are now: the page, and its parts that keep the context."""
        self.ctx = ctx
        for part in self.findChildren(QWidget):
            if getattr(part, "ctx", None) is not None:
                part.ctx = ctx  # type: ignore[attr-defined]  # just asked

    # what a desk overrides --------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""

    def title(self) -> str:
        """Return a title of its own for the top line; '' shows the name of the desk."""
        return ""

    def key_hints(self) -> KeyHints:
        """Return (key, translated word) pairs for the status line and F1, the most useful first.

        '' for the word means: as the button says that has this key, and not at all while there is none.
        """
        return []

    def shown_hints(self) -> KeyHints:
        """Return ``key_hints()`` as they hold now: the button in sight that has the key gives the word.

        So the hint and the button cannot disagree; a button that is out of sight or off gives none.
        """
        live: dict[str, str] = {}
        for button in self.findChildren(Button):
            word = button.key_word or button.text()
            if button.key and word and button.isEnabled() and button.isVisibleTo(self):
                live.setdefault(key_sequence(button.key).toString(), word)
        hints = [(key, live.get(key_sequence(key).toString(), word)) for key, word in self.key_hints()]
        return [(key, word) for key, word in hints if word]

    def _caps_changed(self) -> None:
        if not self._hint_timer.isActive():
            self._hint_timer.start()

    def clauses(self) -> list[str]:
        """Return the ids of the clauses this page keeps, for F1."""
        return []

    def load(self, **arguments: Any) -> None:
        """Show what ``arguments`` name (``id=…``, ``new=True``); called each time the page is opened."""

    def refresh(self, notice: Any = None) -> None:
        """Read again what is shown; ``notice`` says what changed elsewhere, None means everything.

        An open form never overwrites typing: it shows a banner instead.
        """

    def leave(self) -> bool:
        """Return whether the page may be left now; ask (dialogs.ask) only if something would be lost."""
        return True

    def first_focus(self) -> None:
        """Put the focus where typing starts; called after the page is shown."""

    # what a desk calls ------------------------------------------------------------------------------------------

    @property
    def subtitle(self) -> str:
        """The muted words beside the title."""
        return self._subtitle

    #: how many the page's own words count, where that is what waits for the person
    counted: int | None = None

    def head(self, waiting: int) -> str:
        """Return the muted words with the number the rail shows in front, so that the two never tell two stories."""
        if not waiting or waiting == self.counted:
            return self._subtitle
        words = ngettext("{count} to do today", "{count} to do today", waiting).format(count=waiting)
        return _(" · ").join(filter(None, (words, self._subtitle)))

    def set_subtitle(self, text: str) -> None:
        """Write the muted words beside the title."""
        self._subtitle = text
        self.subtitle_changed.emit(text)

    def open(self, key: str, **arguments: Any) -> None:
        """Ask for another page."""
        self.open_requested.emit(key, arguments)

    def back(self) -> None:
        """Ask for the page that was open before."""
        self.back_requested.emit()

    def say(self, text: str, tone: str = "ok") -> None:
        """Show a short message that goes away by itself."""
        self.said.emit(text, tone)

    def offer(self, text: str, word: str, key: str = "Alt+Z") -> None:
        """Say what was done and offer to take it back; ``offer_taken`` comes when the button is pressed."""
        self.offered.emit(text, word, key, self)

    def banner(self, text: str, tone: str = "info", action: str = "") -> None:
        """Show one line above the page; '' takes it away. Pressing its button emits ``banner_answered``."""
        self.banner_requested.emit(tone, text, action)

    def split(self, left: QWidget | QLayout, right: QWidget, width: int) -> QHBoxLayout:
        """Lay a wide left part beside a right panel of fixed width and return the row; F12 folds the panel."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        if isinstance(left, QLayout):
            row.addLayout(left, 1)
        else:
            row.addWidget(left, 1)
        right.setFixedWidth(width)
        row.addWidget(right)
        self.side_panel = right
        self.body.addLayout(row, 1)
        return row

    #: the panel that folds when room is short; set by ``split``
    side_panel: QWidget | None = None

    def showEvent(self, event: QShowEvent) -> None:
        if not self._listens:
            caps.changed.connect(self._caps_changed)
            self._listens = True
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        if self._listens:  # only the page in front has hints to keep
            caps.changed.disconnect(self._caps_changed)
            self._listens = False
        self._hint_timer.stop()
        super().hideEvent(event)

    _listens = False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            try:
                self.retranslate()
            except CrmError as error:  # lists are read again in the new language: the cable may be out just now
                self.say(error.message, "danger")
            self.hints_changed.emit()
            self.title_changed.emit()
        super().changeEvent(event)


class PageFrame(QScrollArea):
    """Holds one page; scrolls it only when the window is smaller than the page can be."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def minimumSizeHint(self) -> QSize:
        return QSize(480, 320)


@dataclass(frozen=True)
class PageSpec:
    """A page as data: where it stands in the rail, who may open it, and how it is made.

    ``title`` is a source text (N_); ``right`` is asked of ``Shell.allowed`` ('' is for everybody);
    ``factory(ctx)`` returns the page and is called the first time it is opened.
    """

    key: str
    title: str
    icon: str
    right: str
    factory: Callable[[Any], Page]
    rail: bool = True  # False: opened from other pages only (a slip, a case); ``parent`` is then marked in the rail
    foot: bool = False  # at the foot of the rail, like Settings
    parent: str = ""
    rail_right: str = ""  # in the rail only for who has this right; others still open it from elsewhere

    def in_rail(self, allowed: Callable[[str], bool]) -> bool:
        """Whether the page stands in the rail of who has these rights."""
        return self.rail and (not self.rail_right or allowed(self.rail_right))
