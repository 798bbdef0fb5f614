"""Why something is due when it is: day by day, over the right of a page; and the switch that stops its clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.explain import DayLine, Explanation
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import clear, row
from crmdesk.ui.widgets.edits import TextEdit
from crmdesk.ui.widgets.form import FormGrid
from crmdesk.ui.widgets.labels import Label, Rule
from crmdesk.ui.widgets.pill import ClauseTag
from crmdesk.ui.widgets.side_panel import SidePanel
from crmdesk.ui.widgets.typed_edits import MomentEdit

WIDTH = 440
_COLOURS = {"worked": "text", "closed": "faint", "paused": "warning"}


class DuePanel(SidePanel):
    """Over the page's right side; Esc closes it and gives the focus back."""

    pause_asked = Signal(str, object)  # reason, local moment of the review
    resume_asked = Signal()

    def __init__(self, parent: QWidget, today: Any) -> None:
        super().__init__(parent, width=WIDTH, above=8, below=8)
        self._explanation: Explanation | None = None
        self.copy_button = Button("", icon="copy", kind="quiet", size="row")
        self.add_action(self.copy_button)
        self.add_action(self.close_button)
        self.form = FormGrid(columns=2)
        self.form.add("reason", N_("The clock stands because"), TextEdit(max_length=400), span=2, required=True)
        self.form.add("review_at", N_("Look at it again"), MomentEdit(today=today), required=True)
        self.pause_button = Button("", icon="pause", size="row")
        self.resume_button = Button("", icon="play", kind="primary", size="row")
        self.rule = Rule()
        for widget in (self.rule, self.form):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.pause_button, self.resume_button, None))
        self.copy_button.clicked.connect(self.copy)
        self.pause_button.clicked.connect(self._pause)
        self.resume_button.clicked.connect(self.resume_asked)
        self.form.finished.connect(self._pause)

    def show_due(
        self, explanation: Explanation, clauses: Sequence[str], *, standing: bool = False, may: bool = False,
        provisional: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """Fill in an explanation; ``may`` offers to stop the clock, ``provisional`` years are said to be so."""
        self._explanation = explanation
        self.set_title(_("How the deadline is worked out"))
        self.copy_button.setAccessibleName(_("Copy"))
        self.copy_button.setToolTip(_("Copy"))
        self.pause_button.setText(_("Stop the clock"))
        self.resume_button.setText(_("Let the clock run again"))
        clear(self.column)
        self.column.addWidget(Label(explanation.rule, "body", wrap=True))
        tags = [ClauseTag(clause) for clause in clauses]
        self.column.addLayout(row(*tags, None))
        if explanation.lines:
            self.column.addWidget(self._lines(explanation.lines))
        self.column.addWidget(Rule())
        tone = "warning" if standing else "text"
        self.column.addWidget(Label(explanation.result, "strong", tone, wrap=True))
        for year in provisional:
            words = _("The holidays of {year} are provisional: the state has not announced them yet.")
            self.column.addWidget(Label(words.format(year=year), "label", "warning", wrap=True))
        self.column.addStretch(1)
        self.form.setVisible(may and not standing)
        self.pause_button.setVisible(may and not standing)
        self.resume_button.setVisible(may and standing)
        self.rule.setVisible(may)

    def _lines(self, lines: Sequence[DayLine]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for place, line in enumerate(lines):
            colour = _COLOURS[line.tone]
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(Label(line.day_words, "label_strong", "muted"), place, 0, top)
            grid.addWidget(Label(line.words, "label", colour, wrap=True), place, 1)
            counted = Label(line.counted, "label_strong", "accent" if line.tone == "worked" else colour)
            grid.addWidget(counted, place, 2, top | Qt.AlignmentFlag.AlignRight)
        return box

    def copy(self) -> None:
        """Copy the explanation as text."""
        if self._explanation is not None:
            QGuiApplication.clipboard().setText(self._explanation.text)

    def clear_form(self) -> None:
        """Empty the reason again; nothing of one record may stay for the next."""
        self.form.load({"reason": "", "review_at": None})

    def _pause(self) -> None:
        if self.form.check():
            values = self.form.values()
            self.pause_asked.emit(str(values["reason"]), values["review_at"])
