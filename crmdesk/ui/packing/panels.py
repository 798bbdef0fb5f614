"""What the station's large card shows instead of the piece: the beginning, a number, the check list, a signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets import Button, Choice, Label, PasswordEdit, Scroll, TextEdit, column, row
from crmdesk.ui.widgets.pill import paint_clause

TICK_HEIGHT = 60


class TickRow(NamedTuple):
    """A line of the check list: the digit that ticks it, its sentence, its clause."""

    digit: int
    key: str
    text: str
    clause: str
    done: bool
    detail: str = ""


class TickList(QWidget):
    """The procedure's lines with their digits; a digit or a click ticks."""

    pressed = Signal(int)  # digit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TickRow, ...] = ()
        self.digits = True
        self._small = self.small = False  # small: lists beside each other have one size

    def set_rows(self, rows: Sequence[TickRow], *, digits: bool = True) -> None:
        """Show these lines."""
        self.rows, self.digits = tuple(rows), digits
        self.setFixedHeight(max(1, len(rows)) * TICK_HEIGHT)
        self.setAccessibleName("; ".join(f"{line.digit} {line.text}{' ✓' if line.done else ''}" for line in rows))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // TICK_HEIGHT
        if self.digits and 0 <= place < len(self.rows):
            self.pressed.emit(self.rows[place].digit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._small = self.small or any(self._wide(line) > self._room(line) for line in self.rows)  # one size for all
        for place, line in enumerate(self.rows):
            self._paint(painter, QRectF(0, place * TICK_HEIGHT, self.width(), TICK_HEIGHT - 8), line)

    def _wide(self, line: TickRow) -> float:
        words = f"{line.text}  {line.detail}" if line.detail else line.text
        return QFontMetricsF(theme.font("head", bold=False)).horizontalAdvance(words)

    def _room(self, line: TickRow) -> float:
        return self.width() - (88 if self.digits else 54) - _tag_width(line) - 32

    def _paint(self, painter: QPainter, box: QRectF, line: TickRow) -> None:
        painter.setPen(QPen(theme.colour("accent_line" if line.done else "line"), 1))
        painter.setBrush(theme.colour("accent_soft" if line.done else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        x = 18.0
        if self.digits:
            painter.setFont(theme.font("timer"))
            painter.setPen(theme.colour("accent"))
            painter.drawText(QRectF(x, box.y(), 24, box.height()), Qt.AlignmentFlag.AlignVCenter, str(line.digit))
            x += 34
        icons.paint(
            painter, "square-check" if line.done else "circle", QRectF(x, box.center().y() - 11, 22, 22),
            "ok" if line.done else "muted",
        )  # fmt: skip
        x += 36
        tag, room = _tag_width(line), self._room(line)
        detail = f"  {line.detail}" if line.detail else ""
        painter.setFont(theme.font("body") if self._small else theme.font("head", bold=False))
        painter.setPen(theme.colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(x, box.y(), room + 2, box.height()), int(flags), line.text + detail)
        if line.clause:
            paint_clause(painter, QRectF(box.right() - tag - 14, box.center().y() - 10, tag, 20), line.clause)


def _tag_width(line: TickRow) -> float:
    return QFontMetricsF(theme.font("label")).horizontalAdvance(line.clause) + 19 if line.clause else 0.0


class CheckPanel(QWidget):
    """A heading, the lines to tick, and a sentence that says what comes next."""

    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label("", "say")
        self.note = Label("", "head", "muted", bold=False, wrap=True)
        self.list = TickList()
        self.list.pressed.connect(self.pressed)
        self.next = Label("", "timer", "accent", wrap=True)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        body.addWidget(self.title)
        body.addWidget(self.note)
        body.addWidget(Scroll(self.list, least=120), 1)
        body.addWidget(self.next)

    def tell(
        self, title: str, note: str, rows: Sequence[TickRow], follow: str, *, digits: bool = True, tone: str = "accent"
    ) -> None:
        """Show the list; ``follow`` is what comes next or what is missing."""
        self.title.setText(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.list.set_rows(rows, digits=digits)
        self.next.setText(follow)
        self.next.set_colour(tone)


class StartPanel(QWidget):
    """Asks whether the customer is here, and shows what each answer asks for (PACK-01)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label("", "say")
        self.note = Label("", "head", "muted", bold=False, wrap=True)
        self.present, self.absent = TickList(), TickList()
        self.present.small = self.absent.small = True
        self.present_title, self.absent_title = Label("", "page", "accent"), Label("", "page", "accent")
        self.next = Label("", "timer", "accent", wrap=True)
        lists = row(
            column(self.present_title, self.present, None, spacing=10),
            column(self.absent_title, self.absent, None, spacing=10), spacing=24,
        )  # fmt: skip
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.title)
        body.addWidget(self.note)
        body.addSpacing(8)
        both = QWidget()
        both.setLayout(lists)
        body.addWidget(Scroll(both, least=120), 1)
        body.addWidget(self.next)

    def tell(self, *, present: bool, note: str, lines: Sequence[Sequence[TickRow]]) -> None:
        """Write both procedures (``lines``: of the one present, of the one absent); ``present`` is what the slip says.
        """
        self.title.setText(_("Is the customer here?"))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.present_title.setText(_("1  Customer present"))
        self.absent_title.setText(_("2  Customer absent: two people count"))
        for rows, view in zip(lines, (self.present, self.absent), strict=True):
            view.set_rows(rows, digits=False)
        here = _("The slip says: present. Press Enter to begin.")
        word = here if present else _("The slip says: absent. Press Enter to begin.")
        self.next.setText(word)


class NumberPanel(QWidget):
    """A question answered with a number; Enter takes it, Esc leaves."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label("", "say", wrap=True)
        self.note = Label("", "head", "muted", bold=False, wrap=True)
        self.edit = TextEdit(size="station")
        self.edit.setMaximumWidth(280)
        self.unit = Label("", "number", "muted")
        self.error = Label("", "row", "danger", wrap=True)
        self.take_button = Button(kind="primary", key="Enter", size="station")
        self.leave_button = Button(key="Esc", size="station")
        self.take_button.clicked.connect(self._enter)
        self.leave_button.clicked.connect(self.left)
        self.edit.returnPressed.connect(self._enter)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.title)
        body.addWidget(self.note)
        body.addSpacing(12)
        body.addLayout(row(self.edit, self.unit, None, spacing=12))
        body.addWidget(self.error)
        body.addSpacing(12)
        body.addLayout(row(self.take_button, self.leave_button, None))
        body.addStretch(2)

    def ask(self, title: str, note: str, unit: str, value: str = "") -> None:
        """Put the question and the focus into the field."""
        self.title.setText(title)
        self.note.setText(note)
        self.unit.setText(unit)
        self.take_button.setText(_("OK"))
        self.leave_button.setText(_("Back"))
        self.edit.setAccessibleName(title)
        self.edit.setText(value)
        self.edit.selectAll()
        self.say("")
        self.edit.setFocus()

    def say(self, text: str) -> None:
        """Show what is wrong under the field."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _enter(self) -> None:
        self.entered.emit(self.edit.text().strip())


class SecondPanel(QWidget):
    """A second person signs with own name and password (PACK-11, PACK-12)."""

    signed = Signal(str, str)  # login, password
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label("", "say", wrap=True)
        self.note = Label("", "head", "muted", bold=False, wrap=True)
        self.person_label = Label("", "label", "muted")
        self.person = Choice(translate=False)
        self.person.setFixedHeight(44)
        self.person.setMaximumWidth(360)
        self.password_label = Label("", "label", "muted")
        self.password = PasswordEdit(size="station")
        self.password.setMaximumWidth(360)
        self.error = Label("", "row", "danger", wrap=True)
        self.sign_button = Button(kind="primary", key="Enter", size="station")
        self.leave_button = Button(key="Esc", size="station")
        self.sign_button.clicked.connect(self._sign)
        self.leave_button.clicked.connect(self.left)
        self.password.returnPressed.connect(self._sign)
        self.person.installEventFilter(self)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        for widget in (self.title, self.note, self.person_label, self.person, self.password_label, self.password):
            body.addWidget(widget)
        body.addWidget(self.error)
        body.addSpacing(8)
        body.addLayout(row(self.sign_button, self.leave_button, None))
        body.addStretch(2)

    def ask(self, people: Sequence[tuple[str, str]], counter: str) -> None:
        """Offer the colleagues as (login, name) and put the focus on the choice."""
        self.title.setText(_("A second person signs"))
        self.note.setText(_("{name} has counted. Somebody else counts again and signs here.").format(name=counter))
        self.person_label.setText(_("Who counted again"))
        self.password_label.setText(_("Your password"))
        self.person.setAccessibleName(_("Who counted again"))
        self.password.setAccessibleName(_("Your password"))
        self.sign_button.setText(_("Sign"))
        self.leave_button.setText(_("Back"))
        self.person.set_choices(people)
        if people:
            self.person.set_value(people[0][0])
        self.password.set_value("")
        self.say("")
        self.person.setFocus()

    def say(self, text: str) -> None:
        """Show what is wrong; the password is typed anew."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if text:
            self.password.set_value("")
            self.password.setFocus()

    def _sign(self) -> None:
        self.signed.emit(str(self.person.value() or ""), str(self.password.value()))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is not self.person or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.password.setFocus()
            return True
        return False
