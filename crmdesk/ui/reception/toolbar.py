"""The line above the board: the steps with their keys, and what to do for the chosen guest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.rules.transitions import Allowed
from crmdesk.services.visits import BOOKED, VisitRow
from crmdesk.ui import theme
from crmdesk.ui.reception.words import Advice
from crmdesk.ui.widgets import Button, ClauseTag, ElideLabel, Label, row
from crmdesk.ui.widgets.button import HEIGHTS
from crmdesk.ui.widgets.labels import plain_tip


class AdviceLabel(ElideLabel):
    """A line of advice; what finds no room in one line takes two, which are as high as the buttons beside it."""

    def __init__(self) -> None:
        super().__init__("", "label", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(16, HEIGHTS["normal"])

    def lines(self) -> list[str]:
        """Return what stands in the one or two lines; the second is shortened if it must be."""
        metrics, room = QFontMetrics(self.font()), max(1, self.width())
        if metrics.horizontalAdvance(self.text()) <= room:
            return [self.text()]
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room)
        layout.endLayout()
        units, cut = self.text().encode("utf-16-le"), 2 * line.textLength()  # Qt counts a rare character as two
        first, rest = units[:cut].decode("utf-16-le"), units[cut:].decode("utf-16-le")
        return [first.rstrip(), metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room)]

    def paintEvent(self, event: QPaintEvent) -> None:
        lines = QLabel.text(self).split("\n")
        if len(lines) == 1:
            super().paintEvent(event)
            return
        painter = QPainter(self)  # closer than Qt sets lines: else tails of letters are cut off below
        painter.setPen(theme.colour(str(self.property("colour"))))
        painter.setFont(self.font())
        half = self.height() / 2
        for place, line in enumerate(lines):
            painter.drawText(QRectF(0, place * half - 4, self.width(), half + 8), Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()

    def _fit(self) -> None:
        lines = self.lines()
        QLabel.setText(self, "\n".join(lines))
        self.setToolTip(plain_tip(self.text()) if lines[-1].endswith("…") else "")


class Toolbar(QWidget):
    """Buttons at the left, the chosen guest with the advice and its clause at the right."""

    check_in_asked = Signal()
    step_asked = Signal()
    assign_asked = Signal()
    key_asked = Signal()
    water_asked = Signal()
    leave_asked = Signal()
    past_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check_in_button = Button("", kind="primary", key="F3", icon="plus")
        self.step_button = Button("", key="Enter")
        self.assign_button = Button("", key="A")
        self.key_button = Button("", key="K")
        self.water_button = Button("", key="W")
        self.leave_button = Button("", key="S")
        self.past_button = Button("", key="F6", kind="quiet")
        line = self._line = row()
        for button, asked in (
            (self.check_in_button, self.check_in_asked),
            (self.step_button, self.step_asked),
            (self.assign_button, self.assign_asked),
            (self.key_button, self.key_asked),
            (self.water_button, self.water_asked),
            (self.leave_button, self.leave_asked),
            (self.past_button, self.past_asked),
        ):
            button.clicked.connect(asked)
            line.addWidget(button)
        self.context_head = Label("", "label", "muted")
        self.context_name = Label("", "strong")
        self.context_words = AdviceLabel()
        self.context_clause = ClauseTag("", self)
        line.addStretch(1)
        line.addWidget(self.context_head)
        line.addWidget(self.context_name)
        line.addWidget(self.context_words)  # no stretch: Qt would then take its least width for its wish
        line.addWidget(self.context_clause)
        self.setLayout(line)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text that doesn't depend on the visit in the language in force."""
        self.check_in_button.setText(_("Check in"))
        self.assign_button.setText(_("Assign"))
        self.water_button.setText(_("Water"))
        self.leave_button.setText(_("See off"))
        self.past_button.setText(_("Visits"))
        self.context_head.setText(_("Chosen:"))

    def show_visit(self, visit: VisitRow | None, step: Allowed | None, *, writing: bool) -> None:
        """Mirror what may be done; while a form is ``writing`` the letters belong to it."""
        booked = visit is not None and visit.state == BOOKED
        here = visit is not None and visit.state not in (BOOKED, "left")
        key_out = visit is not None and visit.key_out
        label = step.label if step is not None else _("Next step")
        missing = step.missing[0] if step is not None and step.missing else ""
        self.step_button.setText(_("Guest is here") if booked else label)
        self.step_button.set_ready(booked or (step is not None and step.ready), missing)
        self.key_button.setText(_("Key back") if key_out else _("Key"))
        thirsty = here and visit is not None and visit.water_at is None
        for button, able in (
            (self.step_button, booked or step is not None),
            (self.assign_button, here),
            (self.key_button, here or key_out),
            (self.water_button, thirsty),
            (self.leave_button, here),
        ):
            button.setEnabled(able and not writing)

    def show_check_in(self, *, is_open: bool) -> None:
        """Let the sheet's own button be the main one while it is open: the key then leads back to its first field."""
        self.check_in_button.set_kind("plain" if is_open else "primary")
        self.check_in_button.key_word = _("First field") if is_open else ""

    def show_advice(self, name: str, advice: Advice | None) -> None:
        """Say what to do for the chosen guest; None clears the line."""
        for widget in (self.context_name, self.context_words):
            widget.setVisible(advice is not None)
        if advice is None:
            self.context_head.hide()
            self.context_clause.set_clause("")
            return
        if self.context_name.text() != name:
            self.context_name.setText(name)
        if self.context_words.text() != advice.text:
            self.context_words.setText(advice.text)
        self.context_words.set_colour(advice.tone)
        if self.context_clause.clause != advice.clause:
            self.context_clause.set_clause(advice.clause)
        wanted = self.sizeHint().width()
        if self.context_head.isHidden():
            wanted += self.context_head.sizeHint().width() + self._line.spacing()
        self.context_head.setVisible(wanted <= self.width())  # the word in front gives way before the advice is cut

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
