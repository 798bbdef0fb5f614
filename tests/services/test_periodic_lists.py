"""Lists that come back each month or quarter stand on Today until they are done."""

from __future__ import annotations

from datetime import datetime

from crmdesk.core.clock import FixedClock
from crmdesk.services import checklists
from crmdesk.services.context import Context
from crmdesk.services.today import get_board
from tests.services.test_checklists import JPEG, home


def test_a_list_that_comes_back_stands_on_today_until_it_is_done(ctx: Context, clock: FixedClock) -> None:
    office = home(ctx, "security")

    def due() -> list[tuple[str, str]]:
        tasks = [task for task in get_board(office).tasks if task.duty == "list_inspection"]
        return [(task.group, f"{clock.local(task.due_at):%m-%d %H:%M}") for task in tasks]

    clock.advance(datetime(2026, 11, 20, 10, 0, tzinfo=clock.zone) - clock.now())
    assert due() == [], "the end of the month is more than a week off"
    clock.advance(datetime(2026, 11, 30, 10, 0, tzinfo=clock.zone) - clock.now())
    assert due() == [("today", "11-30 18:00")]
    (task,) = (task for task in get_board(office).tasks if task.duty == "list_inspection")
    assert (task.desk, task.clause, dict(task.arguments)) == ("checklists", "MAINT-07", {"key": "inspection"})
    listed = checklists.begin(office, "inspection")
    assert due() == [], "now it is to be finished"
    for line in checklists.get_checklist(office, listed).lines:
        checklists.tick(office, listed, line.line.key, note="x", photo=JPEG)
    checklists.finish(office, listed)
    clock.advance(datetime(2026, 12, 31, 10, 0, tzinfo=clock.zone) - clock.now())
    assert due() == [("today", "12-31 18:00")]
    clock.advance(datetime(2027, 1, 4, 10, 0, tzinfo=clock.zone) - clock.now())
    assert due() == [("overdue", "12-31 18:00")], "the month that was missed"
