"""What the program says: a banner above the page, a toast that goes by itself, an empty list's first step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from crmdesk.ui import theme
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets.button import Button, caps
from crmdesk.ui.widgets.labels import ElideLabel, KeyHint, Label

SIGNS = {
    "info": "info", "warning": "triangle-alert", "danger": "octagon-alert", "ok": "circle-check", "accent": "info",
    "neutral": "info", "": "info",
}  # fmt: skip
TOAST_MS = 4000
OFFER_MS = 10_000  # a message with something to press stays long enough to read it, decide and reach it
TOAST_WIDTH = 840  # pixels; a longer sentence takes more lines
TOAST_EDGE = 20  # pixels kept free at the left and right of a message
_CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
_AIR = 8  # pixels between a message and what stands beside it
_STEP = 8
_DEEDS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.InputMethod)


class Banner(QFrame):
    """One line above the page about the cable, a newer version, a record changed elsewhere; it takes no focus."""

    answered = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(40)
        self._sign = IconLabel("info", "info", 16)
        self._text = ElideLabel("", "strong")
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = Button("", size="row")
        self._close = Button("", icon="x", kind="quiet", size="row")
        for button in (self._action, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._action.clicked.connect(self.answered)
        self._close.clicked.connect(self._closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    def text(self) -> str:
        """Return the sentence shown, '' when hidden."""
        return self._text.text() if not self.isHidden() else ""

    def tell(self, text: str, tone: str = "info", action: str = "", *, closable: bool = True) -> None:
        """Show a sentence, with a button if ``action`` has a word; '' hides the banner."""
        self.setProperty("tone", tone)
        theme.restyle(self)
        self._sign.set_icon(SIGNS.get(tone, "info"), tone if tone in theme.TONES[1:] else "muted")
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._close.setVisible(closable)
        self.setVisible(bool(text))

    def _closed(self) -> None:
        self.hide()
        self.closed.emit()


class BannerRoom(QWidget):
    """The room of the banner above the pages: a lost cable speaks first; when it is in again, the page does."""

    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.banner.answered.connect(self._answered)
        self.banner.closed.connect(self._closed)
        self._lost = ""
        self._said = ("info", "", "")
        room = QHBoxLayout(self)
        room.setContentsMargins(20, 0, 20, 8)
        room.addWidget(self.banner)
        self.hide()

    def tell(self, text: str, tone: str = "info", action: str = "") -> None:
        """Show a sentence of a page or of the frame; '' takes it away, a lost cable's stays."""
        self._said = (tone, text, action)
        self._show()

    def tell_lost(self, text: str) -> None:
        """Show that the data is out of reach; '' takes only this away."""
        if text != self._lost:
            self._lost = text
            self._show()

    def _show(self) -> None:
        tone, text, action = ("danger", self._lost, "") if self._lost else self._said
        self.banner.tell(text, tone, action)
        self.setVisible(bool(text))

    def _answered(self) -> None:
        self.tell("")
        self.answered.emit()

    def _closed(self) -> None:
        if self._lost:
            self.tell_lost("")
        else:
            self.tell("")


def free_place(host: QWidget, size: QSize, own: QWidget | None = None) -> QPoint:
    """Return where something of this size covers no button, no field and no key of ``host``, nearest to its foot.

    ``own`` is what is placed: what stands in it is in nobody's way.

    The status line is free up to its keys; where there is none (packing, cash) or the text is too long for it, the
    lowest free strip is taken, as near the middle as it goes. A window full of controls gets it at the foot all the
    same.
    """
    lowest = host.height() - size.height() - 1
    middle = (host.width() - size.width()) // 2
    taken = [
        (widget.visibleRegion().boundingRect().translated(widget.mapTo(host, QPoint(0, 0))), widget)
        for widget in host.findChildren(QWidget)
        if isinstance(widget, (*_CONTROLS, KeyHint)) and widget.isVisible()
        and not (own is not None and own.isAncestorOf(widget))
    ]  # fmt: skip
    wide = [rect.adjusted(-_AIR, 0, _AIR, 0) for rect, _widget in taken if not rect.isEmpty()]
    bare = [rect for rect, widget in taken if not rect.isEmpty() and isinstance(widget, _CONTROLS)]
    for rects in (wide, bare):  # the words of the keys give way before a button does
        for y in range(lowest, 0, -_STEP):
            beside = sorted((r.left(), r.right() + 1) for r in rects if r.top() < y + size.height() and r.bottom() >= y)
            x = _across(beside, size.width(), middle, host.width())
            if x is not None:
                return QPoint(x, y)
    return QPoint(middle, lowest)


def _across(taken: Sequence[tuple[int, int]], width: int, middle: int, whole: int) -> int | None:
    """Return the place nearest to the middle that is free for this width, None where there is none."""
    found, begin = [], TOAST_EDGE
    for left, right in (*taken, (whole - TOAST_EDGE, whole)):
        if left - begin >= width:
            found.append(min(max(middle, begin), left - width))
        begin = max(begin, right)
    return min(found, key=lambda x: abs(x - middle), default=None)


class Toast(QFrame):
    """A short message at the foot of a window that goes away by itself; it covers no button and no field.

    A warning goes earlier: once the person has done something about it and a button of the window can act, or misses
    something else, or the page has saved.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sign = IconLabel("circle-check", "ok", 16)
        self._text = Label("", "strong")
        self.action = Button("", kind="link", icon="undo-2", size="row", bind=False)  # the page owns the key
        self.action.clicked.connect(self._act)
        self._offers: QObject | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 16, 6)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        row.addWidget(self.action)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._window = parent
        self._warns = self._answered = False
        parent.installEventFilter(self)
        caps.reason_changed.connect(self._button_changed)
        self.hide()

    def text(self) -> str:
        """Return the message shown last."""
        return self._text.text()

    def offer(self, text: str, word: str, key: str, page: QObject) -> None:
        """Show what was done for ten seconds, with a button to take it back; ``page.offer_taken`` says it is wanted."""
        self.action.set_key(key)
        self.action.setText(word)
        self.say(text, offers=page)
        self._timer.start(OFFER_MS)

    def _act(self) -> None:
        page, self._offers = self._offers, None
        self.hide()
        if page is not None:
            page.offer_taken.emit()  # type: ignore[attr-defined]  # every page has it

    def say(self, text: str, tone: str = "ok", *, offers: QObject | None = None) -> None:
        """Show a message for four seconds."""
        self._offers = offers
        self.action.setVisible(offers is not None)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, offers is None)
        self._sign.set_icon(SIGNS.get(tone, "info"), tone if tone in theme.TONES[1:] else "muted")
        self._text.setText(text)
        self._place()
        self._listen(tone in ("warning", "danger"))
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS)

    def step_aside(self) -> None:
        """Stand where nothing is covered once what has just changed below is laid out."""
        if not self.isHidden():
            QTimer.singleShot(0, self, self._place)

    def settle(self) -> None:
        """Take a warning away that was answered: the page has saved, or what it asked for is there."""
        if self._warns and self._answered:
            self.hide()

    def _button_changed(self, button: QWidget) -> None:
        if self._warns and not self.isHidden() and button.window() is self._window.window():
            self.settle()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._listen(False)
        super().hideEvent(event)

    def _listen(self, warns: bool) -> None:
        """Watch keys and clicks of the whole program only as long as a warning is shown."""
        app = QApplication.instance()
        if app is not None and warns != self._warns:
            (app.installEventFilter if warns else app.removeEventFilter)(self)
        self._warns, self._answered = warns, False

    def _place(self) -> None:
        room = min(TOAST_WIDTH, self._window.width() - 2 * TOAST_EDGE)
        spare = 16 + 8 + 14 + 16 + 2  # sign, spacing and margins beside the text
        if self._offers is not None:
            spare += self.action.sizeHint().width() + 8
        whole = round(theme.text_width(self._text.text(), "strong")) + 2
        self._text.setWordWrap(whole + spare > room)
        self._text.setFixedWidth(min(whole, room - spare))
        self._text.setFixedHeight(self._text.heightForWidth(self._text.width()) if whole + spare > room
                                  else self._text.sizeHint().height())  # fmt: skip
        self.adjustSize()
        self.move(free_place(self._window, self.size(), self))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window and not self.isHidden():
            self._place()
        elif self._warns and event.type() in _DEEDS:
            self._answered = True
        return super().eventFilter(watched, event)


class EmptyState(QWidget):
    """What an empty list says: what belongs here, and the first step."""

    stepped = Signal()

    def __init__(self, icon: str = "archive", text: str = "", step: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, "muted", 20, disc="neutral", disc_size=48)
        self._text = Label(text, "body", "muted", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._step = Button(step, icon="plus")
        self._step.setVisible(bool(step))
        self._step.clicked.connect(self.stepped)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._text)
        column.addWidget(self._step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def tell(self, text: str, step: str = "", icon: str = "") -> None:
        """Say something else; ``step`` is the word of the button, '' for none."""
        self._text.setText(text)
        self._step.setText(step)
        self._step.setVisible(bool(step))
        if icon:
            self._icon.set_icon(icon)
