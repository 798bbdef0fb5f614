"""The approvals page by keys: A approves, R refuses with a reason, and the case shows where its proposal lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core.clock import FixedClock
from crmdesk.rules.policies import shipped
from crmdesk.services import approvals, complaints, controlled, papers, stand_ins
from crmdesk.services.context import Context
from crmdesk.services.month_report import freeze_month
from crmdesk.ui.approvals.page import PAGE, ApprovalsPage
from crmdesk.ui.complaints.page import PAGE as COMPLAINTS
from crmdesk.ui.complaints.page import ComplaintsPage
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.papers.preview import PaperPreview
from crmdesk.ui.shell import Shell
from crmdesk.ui.widgets import Label
from tests.helpers.office import Staff
from tests.services.test_complaints import FORM, RUN

Make = Callable[[Context], MainWindow]


@pytest.fixture
def make() -> Iterator[Make]:
    """Main windows with the approvals and the complaints."""
    made: list[MainWindow] = []

    def make(ctx: Context) -> MainWindow:
        window = MainWindow(
            Shell(ctx=ctx, company="天竺工坊", allowed=lambda r: r in ctx.user.rights), [PAGE, COMPLAINTS]
        )
        made.append(window)
        window.resize(1366, 768)
        window.show()
        QTest.qWaitForWindowActive(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


def proposed(ctx: Context) -> int:
    """A complaint whose proposal waits for its approval."""
    made = complaints.register_complaint(ctx, FORM)
    at = made.version
    for action, values in RUN[:3]:
        at = complaints.act(ctx, made.id, at, action, values | ({"handler": ctx.user.id} if action == "assign" else {}))
    return made.id


def show(window: MainWindow, **arguments: Any) -> ApprovalsPage:
    assert window.show_page("approvals", **arguments)
    QApplication.processEvents()
    page = window.page("approvals")
    assert isinstance(page, ApprovalsPage)
    return page


def press(window: MainWindow, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifier)
    QApplication.processEvents()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


@pytest.mark.clause("CMP-47")
def test_one_key_approves_and_the_next_is_chosen(make: Make, desk: Context, staff: Staff) -> None:
    first, second = (proposed(desk.acting_as(staff.wu)) for _n in range(2))
    window = make(desk)
    page = show(window)
    assert page.subtitle == "2 wait for you"
    assert page.asked_card.case is not None and page.asked_card.case.record_id == first
    assert "NT$1,280" in words(page.asked_card) and "吳品管" in words(page.asked_card)
    page.asked_card.show_case(replace(page.asked_card.case, amount=Decimal(0)))
    assert "NT$" not in words(page.asked_card), "nothing is spent: no amount"
    press(window, Qt.Key.Key_A)
    assert complaints.get_complaint(desk, first).state == "approved"
    assert page.asked_card.case is not None and page.asked_card.case.record_id == second
    press(window, Qt.Key.Key_A)
    assert page.asked_card.case is None
    press(window, Qt.Key.Key_A)
    assert page.subtitle == "0 wait for you"


def test_refusing_asks_for_the_reason(make: Make, desk: Context, staff: Staff, boxes: Any) -> None:
    record = proposed(desk.acting_as(staff.wu))
    window = make(desk)
    show(window)
    boxes.expect_text("太貴")
    press(window, Qt.Key.Key_R)
    shown = complaints.get_complaint(desk, record)
    assert (shown.state, shown.story[0].note) == ("investigating", "太貴")


def test_enter_opens_the_record_and_its_panel_says_where_it_lies(make: Make, desk: Context, staff: Staff) -> None:
    record = proposed(desk.acting_as(staff.wu))
    window = make(desk)
    show(window)
    press(window, Qt.Key.Key_Return)
    assert window.current_key == "complaints"
    page = window.page("complaints")
    assert isinstance(page, ComplaintsPage)
    panel = page.case_view.approval
    assert panel.isVisible() and "林經理" in words(panel) and panel.clause_tag.clause == "CMP-47"
    assert page.case_view.todo.go_button.ready
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert complaints.get_complaint(desk, record).state == "approved"
    assert panel.case is not None and panel.case.state == "approved"
    page.open_case(complaints.register_complaint(desk, FORM).id)
    assert not panel.isVisible(), "nothing was asked of this one"


def test_who_asked_sees_where_it_lies_and_takes_it_back(make: Make, desk: Context, staff: Staff) -> None:
    wu = desk.acting_as(staff.wu)
    record = proposed(wu)
    window = make(wu)
    assert "approvals" not in [spec.key for spec in window._specs.values() if spec.rail_right in wu.user.rights]
    page = show(window, show="asked")
    assert "林經理" in words(page.asked_card)
    assert not page.asked_card.approve_button.isVisible()
    press(window, Qt.Key.Key_A)
    assert complaints.get_complaint(desk, record).state == "proposed"
    page.asked_card.withdraw_button.click()
    assert complaints.get_complaint(desk, record).state == "investigating"


def test_a_colleague_was_quicker(make: Make, desk: Context, staff: Staff) -> None:
    record = proposed(desk.acting_as(staff.wu))
    window = make(desk)
    page = show(window)
    complaints.act(desk, record, None, "approve", {})  # its notice has not come yet
    press(window, Qt.Key.Key_A)
    assert page.asked_card.case is None
    assert complaints.get_complaint(desk, record).story[1].action != "approve"


def test_i_am_away(make: Make, desk: Context, staff: Staff, clock: FixedClock) -> None:
    window = make(desk)
    page = show(window, away=True)
    form = page.away_card.form
    form.field("stand_in").set_value(staff.mei.id)
    form.field("until_on").set_value(clock.today() + timedelta(days=2))
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [row.stand_in for row in stand_ins.find_away(desk)] == ["王小美"]
    assert "王小美" in words(page.away_card)
    record = proposed(desk.acting_as(staff.wu))
    stood = make(desk.acting_as(staff.mei))
    other = show(stood)
    assert "王小美 (for 林經理)" in words(other.asked_card)
    press(stood, Qt.Key.Key_A)
    assert complaints.get_complaint(desk, record).state == "approved"
    press(window, Qt.Key.Key_Escape)
    assert page.side.currentWidget() is page.asked_card


@pytest.mark.clause("SEC-03")
def test_the_preview_asks_before_a_controlled_paper_is_printed(desk: Context, qtbot: Any, clock: FixedClock) -> None:
    ctx = replace(desk, policy=shipped().with_packs(("showroom", "confidentiality")))
    paper = freeze_month(ctx, 2026, 10)
    box = PaperPreview(ctx, [paper])
    qtbot.addWidget(box)
    box.show()
    assert not box.ask_form.isVisible()
    box.print_all()
    assert box.ask_form.isVisible() and not box.print_button.isVisible() and not box.printed
    box.ask_approval()
    assert box.ask_form.isVisible(), "all three are needed"
    box.ask_form.load({"receiver": "董事會", "until": clock.today(), "reason": "季報"})
    box.ask_approval()
    assert not box.ask_form.isVisible()
    case = approvals.find_approvals(ctx, show="asked")[0]
    assert case.terms["receiver"] == "董事會"
    with pytest.raises(controlled.NotApproved):
        papers.ask_print(ctx, paper)
    again = PaperPreview(ctx, [paper])
    qtbot.addWidget(again)
    again.show()
    again.save_pdf()
    assert again.ask_form.isVisible(), "a file is a copy nobody signs for"


@pytest.mark.clause("SEC-03")
def test_who_holds_a_controlled_print_says_that_it_came_back(desk: Context, make: Make, clock: FixedClock) -> None:
    ctx = replace(desk, policy=shipped().with_packs(("showroom", "confidentiality")))
    asker = ctx.acting_as(replace(Staff.of(desk).mei, roles=("manager",)))
    paper = freeze_month(asker, 2026, 10)
    asked = controlled.ask(asker, paper, receiver="董事會", until=clock.today(), reason="季報")
    approvals.decide(ctx, asked, None, agree=True)
    papers.finish_job(asker, papers.ask_print(asker, paper))
    card = show(make(asker), id=asked).asked_card
    assert card.back_button.isVisible() and card.destroyed_button.isVisible()
    card.back_button.click()
    assert not card.back_button.isVisible() and not card.destroyed_button.isVisible()
    assert "王小美" in card.reason_label.text() and clock.today().isoformat() in card.reason_label.text()
