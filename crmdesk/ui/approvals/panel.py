"""Where an asking lies: its levels with who decided when, who may decide now, and why; other pages show it too."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import approvals
from crmdesk.services.approval_steps import LevelLine
from crmdesk.services.approvals import ApprovalCase
from crmdesk.ui.complaints.words import day_time, joined
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets import Card, ClauseTag, Label, Pill, row
from crmdesk.ui.widgets.card import clear

STATE_TONES = {"waiting": "warning", "approved": "ok", "refused": "danger", "withdrawn": "neutral"}
_SIGNS = {
    "approved": ("check", "ok"), "refused": ("x", "danger"), "waiting": ("clock", "warning"),
    "open": ("circle", "faint"), "dropped": ("minus", "faint"),
}  # fmt: skip


class LevelList(QWidget):
    """The levels of one asking under each other."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)

    def show_levels(self, case: ApprovalCase) -> None:
        """Show the levels of an asking in the language in force."""
        clear(self._rows)
        words = []
        for line in case.levels:
            note = self._note(line)
            words.append(f"{line.title}: {note}")
            head = QWidget()
            title = Label(line.title, "body", "" if line.state != "open" else "muted", bold=line.state == "waiting")
            head.setLayout(row(IconLabel(*_SIGNS[line.state], 16), title, None, Label(note, "label", "muted")))
            self._rows.addWidget(head)
            if line.reason:
                reason = Label(line.reason, "label", "muted", wrap=True)
                reason.setContentsMargins(24, 0, 0, 0)
                self._rows.addWidget(reason)
        self.setAccessibleDescription("; ".join(words))

    def _note(self, line: LevelLine) -> str:
        if line.state == "waiting":
            if line.who:
                return _(", ").join(decider.words for decider in line.who)
            return _("on paper") if line.on_paper else _("nobody has this role today")
        by = _("{name} (for {other})").format(name=line.by, other=line.for_name) if line.for_name else line.by
        return joined(by, day_time(self.ctx, line.at))


class ApprovalPanel(Card):
    """The newest asking of a record; hidden as long as nothing was asked."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(spacing=4, margins=(20, 10, 20, 10), parent=parent)
        self.ctx = ctx
        self.case: ApprovalCase | None = None
        self.state_pill = Pill("")
        self.clause_tag = ClauseTag("")
        self.levels = LevelList(ctx)
        self.add_action(self.state_pill)
        self.add_action(self.clause_tag)
        self.add(self.levels)
        self.hide()

    def show_record(self, kind: str, record_id: int) -> None:
        """Show what was asked for a record last; what can't be read is left out, the page says so itself."""
        try:
            found = approvals.find_for(self.ctx, kind, record_id)
        except CrmError:
            found = []
        self.case = found[0] if found else None
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        case = self.case
        self.setVisible(case is not None)
        if case is None:
            return
        self.set_title(_("Approval"), case.asked_by)
        self.state_pill.set(case.state_title, STATE_TONES[case.state])
        self.clause_tag.set_clause(case.clause)
        self.clause_tag.setVisible(bool(case.clause))
        self.levels.show_levels(case)
