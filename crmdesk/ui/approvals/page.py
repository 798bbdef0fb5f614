"""The approvals page: the list at the left, what is asked with its levels and the two keys A and R at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import ConflictError, CrmError
from crmdesk.core.i18n import N_, _, language, ngettext
from crmdesk.core.money import format_money
from crmdesk.rules.rights import Right
from crmdesk.services import approvals, controlled
from crmdesk.services.approvals import ApprovalCase
from crmdesk.ui import dialogs, errors
from crmdesk.ui.approvals.away_card import AwayCard
from crmdesk.ui.approvals.list_view import LIST
from crmdesk.ui.approvals.panel import STATE_TONES, LevelList
from crmdesk.ui.complaints.words import day_time
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import Button, Card, ClauseTag, Label, ListView, Pill, Rule, Scroll, column, row

SIDE = 404
_KINDS = {"approval", "staff", "complaint", "packing"}


class AskedCard(Card):
    """One asking in full, with what the user may do about it."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(spacing=8, parent=parent)
        self.ctx = ctx
        self.case: ApprovalCase | None = None
        self.state_pill, self.clause_tag = Pill("", bold=True), ClauseTag("")
        self.about_label = Label("", "head", wrap=True)
        self.amount_label = Label("", "timer")
        self.who_label = Label("", "label", "muted", wrap=True)
        self.reason_label = Label("", "body", wrap=True)
        self.levels = LevelList(ctx)
        self.approve_button = Button("", kind="primary", key="A", icon="check", size="side")
        self.refuse_button = Button("", kind="danger", key="R", icon="x", size="side")
        self.open_button = Button("", kind="link", key="O", icon="external-link", size="row")
        self.withdraw_button = Button("", kind="link", icon="undo-2", size="row")
        self.back_button = Button("", kind="link", icon="check", size="row")
        self.destroyed_button = Button("", kind="link", icon="trash-2", size="row")
        self.add(row(self.state_pill, self.clause_tag, None))
        self.add(self.about_label, self.amount_label, self.who_label)
        room = QWidget()
        room.setLayout(column(self.reason_label, None))
        self.body.addWidget(Scroll(room, least=48), 1)
        self.add(Rule(), self.levels)
        self.add(row(self.approve_button, self.refuse_button))
        self.add(row(self.back_button, self.destroyed_button, None))
        self.add(row(self.open_button, self.withdraw_button, None))
        self.show_case(None)

    def show_case(self, case: ApprovalCase | None) -> None:
        """Show an asking, None shows that none is chosen."""
        self.case = case
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        case = self.case
        self.approve_button.setText(_("Approve"))
        self.refuse_button.setText(_("Reject"))
        self.open_button.setText(_("Open"))
        self.withdraw_button.setText(_("Withdraw"))
        self.back_button.setText(_("The paper came back"))
        self.destroyed_button.setText(_("It was destroyed"))
        mine = case is not None and case.may_decide
        for button in (self.approve_button, self.refuse_button):
            button.setVisible(mine)
        self.open_button.setVisible(case is not None)
        self.withdraw_button.setVisible(case is not None and case.may_withdraw)
        for button in (self.back_button, self.destroyed_button):
            button.setVisible(case is not None and case.may_return)
        for widget in (self.state_pill, self.clause_tag, self.amount_label, self.levels):
            widget.setVisible(case is not None)
        if case is None:
            self.set_title(_("Nothing chosen"))
            for label in (self.about_label, self.who_label, self.reason_label):
                label.setText("")
            return
        self.set_title(case.matter_title)
        self.state_pill.set(case.state_title, STATE_TONES[case.state])
        self.clause_tag.set_clause(case.clause)
        self.clause_tag.setVisible(bool(case.clause))
        self.about_label.setText(case.title)
        amount = format_money(case.amount, self.ctx.office.currency, language()) if case.amount else ""
        self.amount_label.setText(amount)
        self.amount_label.setVisible(bool(amount))
        self.who_label.setText(_("Asked by {name}, {time}").format(
            name=case.asked_by, time=day_time(self.ctx, case.asked_at)))  # fmt: skip
        terms = case.terms
        receiver = ""
        if "receiver" in terms:
            receiver = _("For {name}, until {day}").format(name=terms["receiver"], day=terms["until"])
        if "back" in terms:
            words = _("Destroyed {day}, {name}") if terms["destroyed"] else _("Came back {day}, {name}")
            receiver += "\n" + words.format(day=terms["back"], name=terms["back_by"])
        self.reason_label.setText("\n".join(part for part in (receiver, case.reason) if part))
        self.levels.show_levels(case)


class ApprovalsPage(Page):
    """What waits for the user, what the user asked for, and what is decided."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.list_view = ListView(ctx, LIST)
        self.away_button = self.list_view.new_button
        self.away_button.set_kind("plain")
        self.asked_card = AskedCard(ctx)
        self.away_card = AwayCard(ctx)
        self.side = QStackedWidget()
        self.side.addWidget(self.asked_card)
        self.side.addWidget(self.away_card)
        self.split(self.list_view, self.side, SIDE)
        self.list_view.chosen.connect(self._chosen)
        self.list_view.opened.connect(self._open_id)
        self.list_view.new_asked.connect(self.show_away)
        card = self.asked_card
        card.approve_button.clicked.connect(self.approve)
        card.refuse_button.clicked.connect(self.refuse)
        card.open_button.clicked.connect(self.open_record)
        card.withdraw_button.clicked.connect(self.withdraw)
        card.back_button.clicked.connect(self.paper_back)
        card.destroyed_button.clicked.connect(self.paper_destroyed)
        self.away_card.changed.connect(self._away_changed)
        self.away_card.left.connect(self.hide_away)
        self.retranslate()

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.away_card.retranslate()
        self.asked_card.retranslate()
        self.list_view.refresh()
        self._reread()
        self._show_subtitle()

    def _reread(self) -> None:
        """Read what is chosen again: its words are in the language they were read in."""
        line = self.list_view.table.current()
        if line is not None:
            self._show_id(line.id)

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.side.currentWidget() is self.away_card:
            return [("Ctrl+Enter", ""), ("Esc", "")]
        return [("A", ""), ("R", ""), ("Enter", _("Open the record"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["CMP-32", "CMP-45", "CMP-47", "PACK-04", "RET-05", "SEC-03"]

    def load(self, **arguments: Any) -> None:
        """Show what waits; ``show`` chooses a filter, ``id`` an asking, ``away`` who stands in for the user."""
        self.hide_away()
        self.list_view.show_filter(str(arguments.get("show") or "waiting"))
        self.list_view.refresh()
        self._show_subtitle()
        if arguments.get("away"):
            self.show_away()
        elif wanted := arguments.get("id"):
            self.list_view.table.select(int(wanted))
            self._show_id(int(wanted))

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.side.currentWidget() is self.away_card:
            self.away_card.form.focus_first("stand_in")
        else:
            self.list_view.first_focus()

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved."""
        if notice is None or notice.everything or any(notice.touches(kind) for kind in _KINDS):
            self.list_view.refresh()
            self._reread()
            self._show_subtitle()

    def _show_subtitle(self) -> None:
        try:
            count = approvals.count_waiting(self.ctx)
        except CrmError:
            return
        self.counted = count
        self.set_subtitle(ngettext("{count} waits for you", "{count} wait for you", count).format(count=count))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.side.currentWidget() is self.away_card:
            self.hide_away()
            self.list_view.first_focus()
        else:
            super().keyPressEvent(event)

    # choosing ---------------------------------------------------------------------------------------------------

    def _chosen(self, line: Any) -> None:
        if line is None:
            self.asked_card.show_case(None)
        else:
            self._show_id(line.id)

    def _show_id(self, approval_id: int) -> None:
        try:
            self.asked_card.show_case(approvals.get_approval(self.ctx, approval_id))
        except CrmError as error:
            errors.show_error(self, error)

    def _open_id(self, approval_id: int) -> None:
        self._show_id(approval_id)
        self.open_record()

    def open_record(self) -> None:
        """Open what is asked about (Enter, O)."""
        case = self.asked_card.case
        if case is not None:
            self.open(case.page, **case.arguments)

    # deciding ---------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        """Approve what is chosen (A)."""
        case = self.asked_card.case
        if case is not None and case.may_decide:
            self._decide(case, True, "")

    def refuse(self) -> None:
        """Refuse what is chosen, with the reason (R)."""
        case = self.asked_card.case
        if case is None or not case.may_decide:
            return
        reason = dialogs.get_text(self, _("Why is it rejected? {title}").format(title=case.title), multiline=True)
        if reason is not None:
            self._decide(case, False, reason)

    def _decide(self, case: ApprovalCase, agree: bool, reason: str) -> None:
        try:
            state = approvals.decide(self.ctx, case.id, case.version, agree=agree, reason=reason)
        except CrmError as error:
            errors.show_error(self, error)
            if isinstance(error, ConflictError):
                self._after()
            return
        words = {
            "approved": _("Approved: {title}"), "refused": _("Rejected: {title}"),
            "waiting": _("Agreed; it goes on to the next level: {title}"),
        }  # fmt: skip
        self.say(words[state].format(title=case.title))
        self._after()

    def withdraw(self) -> None:
        """Take back what the user asked for."""
        case = self.asked_card.case
        if case is None or not case.may_withdraw:
            return
        try:
            approvals.withdraw(self.ctx, case.id, case.version)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.say(_("Withdrawn: {title}").format(title=case.title))
        self._after()

    def paper_back(self) -> None:
        """Write down that a controlled print came back."""
        self._give_back(destroyed=False)

    def paper_destroyed(self) -> None:
        """Write down that a controlled print was destroyed."""
        self._give_back(destroyed=True)

    def _give_back(self, *, destroyed: bool) -> None:
        case = self.asked_card.case
        if case is None or not case.may_return:
            return
        try:
            controlled.give_back(self.ctx, case.id, destroyed=destroyed)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.say(_("Saved."))
        self._after()
        self._show_id(case.id)

    def _after(self) -> None:
        self.saved.emit()
        self.list_view.refresh()
        self._show_subtitle()
        if self.list_view.table.current() is None:
            self.asked_card.show_case(None)
        self.list_view.first_focus()

    # away -------------------------------------------------------------------------------------------------------

    def show_away(self) -> None:
        """Show who stands in for the user."""
        self.away_card.load()
        self.side.setCurrentWidget(self.away_card)
        self.hints_changed.emit()
        self.away_card.form.focus_first("stand_in")

    def hide_away(self) -> None:
        """Show the asking again."""
        self.side.setCurrentWidget(self.asked_card)
        self.hints_changed.emit()

    def _away_changed(self) -> None:
        self.saved.emit()
        self.say(_("Saved."))
        self.list_view.refresh()


PAGE = PageSpec("approvals", N_("Approvals"), "gavel", "", ApprovalsPage, rail_right=Right.COMPLAINT_APPROVE)
PAGES = (PAGE,)
