"""What the rail counts: late ones apart, and only of desks the user may use."""

from __future__ import annotations

from datetime import timedelta

from crmdesk.core.clock import FixedClock
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.services.context import Context
from crmdesk.services.counts import DeskCount, count_desks
from crmdesk.services.visits import VisitForm, check_in
from tests.helpers.office import Staff, count_queries


def test_late_and_due_are_told_apart(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    now, me = clock.now(), staff.mei.id or 0
    with ctx.transaction("Fill") as session:
        for number, hours in enumerate((-2, 1, 72)):
            at = now + timedelta(hours=hours)
            common = {"created_at": now, "number": f"N{number}"}
            session.add(Call(started_at=now, answered_by_id=me, callback_at=at, state="done", **common))
            session.add(
                Complaint(
                    complainant="x",
                    title="x",
                    received_at=now,
                    received_by_id=me,
                    next_reply_at=at,
                    state="assigned",
                    **common,
                )
            )
    check_in(ctx, VisitForm("林金珠"))
    with count_queries(ctx) as seen:
        counts = count_desks(ctx)
    assert len(seen) <= 10
    assert counts["complaints"] == DeskCount(2, 1, 1)  # nobody's complaint due in three days is none of today's
    assert counts["calls"] == DeskCount(2, 1, 1)
    assert counts["reception"] == DeskCount(1, 0, 1)


def test_a_packer_sees_the_packers_counts(ctx: Context, staff: Staff) -> None:
    desks = set(count_desks(ctx.acting_as(staff.wen)))
    assert {"calls", "packing", "today"} <= desks
    assert not desks & {"reception", "repairs", "complaints", "month", "settings"}
