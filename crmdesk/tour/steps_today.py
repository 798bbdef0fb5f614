"""The tour through what the regulation asks of the day: the board at each station, approvals, a checklist, a clause."""

from __future__ import annotations

from typing import Any

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Stage
from crmdesk.tour.steps_office import MANAGER
from crmdesk.tour.steps_phone import RECEPTION
from crmdesk.tour.steps_slip import PACKER

CLAUSE = "RCPT-01"


def see_reception(stage: Stage) -> None:
    """The first page after signing in; the arrow leads to the next task."""
    page = _board(stage)
    first = page.list.current()
    stage.press(Key.Key_Down)
    stage.check(page.list.current() is not first, "the next task chosen")


def see_packing(stage: Stage) -> None:
    """The same page at another station."""
    stage.switch_to(PACKER, SAMPLE_PASSWORD)
    _board(stage)


def see_manager(stage: Stage) -> None:
    """What is late, what waits to be decided, how much was kept in time."""
    stage.switch_to(MANAGER, SAMPLE_PASSWORD)
    page = _board(stage)
    asked = [line.task for line in page.list.lines() if line.task.desk == "approvals"]
    stage.check(asked, "something to decide on the board")
    stage.facts["asked"] = asked[0]


def decide(stage: Stage) -> None:
    """Enter on the board opens what is asked, A approves it, and it is gone from the list."""
    board = stage.page("today")
    board.list.choose(stage.facts["asked"].key)
    stage.press(Key.Key_Return)
    stage.settle()
    page = stage.page("approvals")
    case = page.asked_card.case
    stage.check(case is not None and case.may_decide, "something the manager decides")
    stage.shoot("asked")
    stage.press(Key.Key_A)
    stage.settle()
    stage.check(case.id not in [line.id for line in page.list_view.table.rows()], f"{case.title} decided")


def tick_list(stage: Stage) -> None:
    """A digit and Space tick a line; what the program sees otherwise (a guest still here) wants a word first."""
    stage.switch_to(RECEPTION, SAMPLE_PASSWORD)
    page = stage.go("checklists")
    stage.press(Key.Key_Return)
    stage.settle()
    for count, digit in enumerate((Key.Key_3, Key.Key_5), 1):
        stage.press(digit)
        stage.press(Key.Key_Space)
        stage.settle()
        stage.check(page.sheet is not None and page.sheet.row.ticked == count, f"{count} ticked")
    stage.shoot("ticked")
    stage.press(Key.Key_Space)
    stage.settle()
    stage.check(page.sheet.row.ticked == 2, "no guest seen off who is still here")


def measure_clause(stage: Stage) -> None:
    """How a clause was kept this month and before, and the cases in which it was not."""
    page = stage.page("regulation")
    stage.until(lambda: page.month.chart.isVisible() and page.month.cases.isVisible(), f"the month of {CLAUSE}")
    stage.check(page.month.figure.text().endswith("%"), "a share kept")


def _board(stage: Stage) -> Any:
    stage.settle()
    page = stage.page("today")
    stage.check(page.list.lines(), "tasks on the board")
    return page
