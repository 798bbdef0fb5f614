"""Due times of records: reckoned anew from calendar, number and priority; clocks that stand; the office's own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import (
    ConflictError,
    NeedsConfirmation,
    PermissionDenied,
    UserError,
    ValidationError,
)
from crmdesk.model.complaint import Complaint
from crmdesk.services import complaints, deadlines, policies, working_time
from crmdesk.services.complaint_due import due_of, finish_come, stood_of_open
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of, hours_of
from crmdesk.services.office import load_office, load_policy, save_office
from crmdesk.services.records import find_history, find_story
from tests.helpers.office import Staff, count_queries
from tests.services.test_complaints import FORM

DAY = timedelta(days=1)
RUN: tuple[tuple[str, dict[str, Any]], ...] = (  # the short way to the end, without anybody's approval
    ("assign", {"heard": True, "asked": True, "department": "品管"}),
    ("investigate", {}),
    ("not_upheld", {"upheld": False, "cause": "正常磨損", "reply": "已說明"}),
    ("call_back", {"satisfied": True}),
    ("close", {"followed": True, "replied": True, "recorded": True}),
)


def opened(ctx: Context, form: ComplaintForm = FORM, upto: int = 0) -> tuple[int, int]:
    """Register a complaint, take its first steps, and return id and version."""
    made = complaints.register_complaint(ctx, form)
    version = made.version
    for action, values in RUN[:upto]:
        more = {"handler": ctx.user.id} if action == "assign" else {}
        version = complaints.act(ctx, made.id, version, action, values | more)
    return made.id, version


def again(ctx: Context) -> Context:
    """Return the context as another PC has it after the notice of a change."""
    return replace(ctx, office=load_office(ctx.db), policy=load_policy(ctx.db))


def due_at(ctx: Context, complaint_id: int) -> datetime:
    due = complaints.get_complaint(ctx, complaint_id).due
    assert due is not None
    return due.at


def local(ctx: Context, moment: datetime) -> str:
    return f"{ctx.clock.local(moment):%m-%d %H:%M}"


# the office's time ------------------------------------------------------------------------------------------------


def test_the_calendar_follows_the_office_and_stays_one_object(ctx: Context) -> None:
    first = calendar_of(ctx)
    assert calendar_of(ctx) is first and calendar_of(again(ctx)) is first
    working_time.set_hours(ctx, ["09:00-12:00 13:00-18:00"] * 5 + ["", ""], "CN")
    fresh = calendar_of(again(ctx))
    assert fresh is not first and fresh.country == "CN"
    assert [window.start for window in fresh.windows(date(2026, 11, 23))] == [540, 780]
    assert not fresh.is_working_day(date(2026, 11, 22)) and fresh.is_working_day(date(2026, 10, 10))


def test_an_own_day_wins_and_is_given_back(ctx: Context) -> None:
    monday = date(2026, 11, 23)
    working_time.set_own_day(ctx, monday, "", "盤點")
    closed = again(ctx)
    assert not calendar_of(closed).is_working_day(monday)
    assert calendar_of(closed).reason(monday) == ("own", "盤點")
    working_time.set_own_day(ctx, monday, "10：00～15：00", "特賣")
    rows = working_time.find_own_days(ctx)
    assert [(row.day, row.windows, row.note, row.by) for row in rows] == [(monday, "10:00-15:00", "特賣", "林經理")]
    assert hours_of(again(ctx).office, ctx.clock.zone, monday) == (time(10), time(15))
    working_time.remove_own_day(ctx, rows[0].id)
    working_time.remove_own_day(ctx, rows[0].id)  # a colleague was quicker
    assert working_time.find_own_days(ctx) == [] and calendar_of(again(ctx)).is_working_day(monday)


@pytest.mark.parametrize("wrong", ["18:00-09:00", "9-18", "09:00-12:00 11:00-13:00", "24:00-25:00"])
def test_hours_that_make_no_sense_are_refused_by_their_field(ctx: Context, wrong: str) -> None:
    week = ["09:00-18:00"] * 7
    with pytest.raises(ValidationError) as refused:
        working_time.set_hours(ctx, [week[0], wrong, *week[2:]], "TW")
    assert list(refused.value.fields) == ["hours.1"]
    with pytest.raises(ValidationError) as refused:
        working_time.set_own_day(ctx, None, wrong, "x" * 90)
    assert set(refused.value.fields) == {"day", "windows", "note"}
    assert load_office(ctx.db).hours == tuple(week)


def test_holidays_of_nowhere_are_refused(ctx: Context) -> None:
    with pytest.raises(ValidationError) as refused:
        working_time.set_hours(ctx, ["09:00-18:00"] * 7, "XX")
    assert list(refused.value.fields) == ["holidays"]


def test_emptying_the_week_asks_and_nothing_divides_by_zero(ctx: Context) -> None:
    with pytest.raises(NeedsConfirmation) as asked:
        working_time.set_hours(ctx, [""] * 7, "TW")
    assert load_office(ctx.db).hours != ("",) * 7
    working_time.set_hours(ctx, [""] * 7, "TW", confirmed=[asked.value.key])
    empty = again(ctx)
    made = complaints.register_complaint(empty, FORM)
    case = complaints.get_complaint(empty, made.id)
    assert case.due is not None and local(ctx, case.due.at) == "11-30 00:00"  # the day ends at midnight
    assert all(stage.used in (None, 0) for stage in case.stages)
    assert complaints.find_complaints(empty) and complaints.count_open(empty).open == 1
    assert local(ctx, calendar_of(empty).add_working_days(ctx.clock.now(), 1)) == "11-24 00:00"
    assert hours_of(empty.office, ctx.clock.zone, date(2026, 11, 23)) is None
    assert complaints.suggest_next_reply(empty) > ctx.clock.now()


def test_only_who_may_changes_the_hours(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        working_time.set_hours(mei, ["09:00-18:00"] * 7, "TW")
    with pytest.raises(PermissionDenied):
        working_time.set_own_day(mei, date(2026, 11, 23), "")
    with pytest.raises(PermissionDenied):
        working_time.remove_own_day(mei, 1)


def test_other_settings_leave_the_hours_alone(ctx: Context) -> None:
    stale = load_office(ctx.db)
    working_time.set_hours(ctx, ["10:00-17:00"] * 7, "")
    save_office(ctx, replace(load_office(ctx.db), phone="1"))
    assert load_office(ctx.db).hours[0] == "10:00-17:00" and stale.hours[0] != "10:00-17:00"


def test_the_year_says_what_each_day_is(ctx: Context) -> None:
    working_time.set_hours(ctx, ["09:00-18:00"] * 5 + ["", ""], "CN")
    working_time.set_own_day(ctx, date(2026, 12, 24), "", "盤點")
    working_time.set_own_day(ctx, date(2026, 12, 26), "10:00-15:00")
    view = working_time.year_view(again(ctx), 2026)
    kinds = {mark.day: mark.kind for mark in view.days}
    assert len(kinds) == 365 and not view.provisional
    assert kinds[date(2026, 10, 1)] == "holiday" and kinds[date(2026, 10, 10)] == "make_up"
    assert kinds[date(2026, 12, 24)] == "own_closed" and kinds[date(2026, 12, 26)] == "own_open"
    assert kinds[date(2026, 11, 22)] == "weekend" and kinds[date(2026, 11, 23)] == "open"
    assert view.working_days == sum(bool(mark.hours) for mark in view.days)
    assert working_time.year_view(again(ctx), 2031).provisional


# what moves, and what never does ----------------------------------------------------------------------------------


@pytest.mark.clause("CMP-72")
def test_calendar_number_and_priority_move_what_is_open_and_never_the_history(ctx: Context, clock: FixedClock) -> None:
    open_, _v = opened(ctx)
    done, _v = opened(ctx, upto=len(RUN))
    closed = complaints.get_complaint(ctx, done)
    assert local(ctx, due_at(ctx, open_)) == "11-29 18:00"
    assert closed.was_due_at is not None and local(ctx, closed.was_due_at) == "11-29 18:00"
    working_time.set_hours(ctx, ["09:00-17:00"] * 7, "TW")
    assert local(ctx, due_at(again(ctx), open_)) == "11-29 17:00"
    policies.set_number(ctx, "CMP-72", "finish_weeks", "3", why="年底")
    fresh = again(ctx)
    assert local(ctx, due_at(fresh, open_)) == "12-13 17:00"
    assert complaints.get_complaint(fresh, done).was_due_at == closed.was_due_at
    with ctx.transaction("Raise") as session:
        record = session.get(Complaint, open_)
        assert record is not None
        record.severity = "major"
    limit = fresh.policy.setting("complaint_finish_major")
    assert limit is not None  # the default office works by a clause for major complaints
    with ctx.reading() as session:
        record = session.get(Complaint, open_)
        assert record is not None
        due = due_of(fresh, record)
    assert due is not None and due.clause == limit[0].id and local(ctx, due.at) == local(ctx, due_at(fresh, open_))
    assert due.at < ctx.clock.now() + timedelta(weeks=3)


def test_a_late_one_stays_late_when_the_number_grows(ctx: Context, clock: FixedClock) -> None:
    made, version = opened(ctx, upto=len(RUN) - 1)
    clock.advance(timedelta(days=20))
    complaints.act(ctx, made, version, "close", RUN[-1][1])
    case = complaints.get_complaint(ctx, made)
    assert case.closed_at is not None and case.was_due_at is not None and case.closed_at > case.was_due_at
    policies.set_number(ctx, "CMP-72", "finish_weeks", "9", why="x")
    assert complaints.get_complaint(again(ctx), made).was_due_at == case.was_due_at
    version = complaints.get_complaint(ctx, made).version
    complaints.act(ctx, made, version, "reopen", {"reason": "又斷了", "next_reply": clock.now() + DAY})
    assert complaints.get_complaint(ctx, made).was_due_at is None


# clocks that stand still ------------------------------------------------------------------------------------------


def test_a_clock_stands_and_runs_on_where_it_stood(ctx: Context, clock: FixedClock) -> None:
    made, version = opened(ctx)
    version = deadlines.pause(
        ctx, "complaint", made, version, reason="樣品在路上", review_at=clock.now() + timedelta(days=2)
    )
    case = complaints.get_complaint(ctx, made)
    assert case.due is not None and case.due.paused and case.due.at == clock.now() + timedelta(days=2)
    clock.advance(timedelta(days=10))
    rows = complaints.find_complaints(ctx)
    assert rows[0].due_at == case.due.at
    assert case.version == version
    version = deadlines.resume(ctx, "complaint", made, version, note="到了")
    assert local(ctx, due_at(ctx, made)) == "12-09 18:00"
    (row,) = deadlines.find_pauses(ctx, "complaint", made)
    assert (row.reason, row.by, row.ended_by, row.ended_at) == ("樣品在路上", "林經理", "林經理", clock.now())
    actions = [line.action for line in find_story(ctx, "complaint", made)]
    assert actions[:2] == ["resume", "pause"]
    assert any("reason" in str(line.changes) for line in find_history(ctx, "complaint", made))


def test_a_pause_needs_a_reason_a_review_a_right_and_a_running_clock(
    ctx: Context, staff: Staff, clock: FixedClock
) -> None:
    made, version = opened(ctx)
    review = clock.now() + DAY
    with pytest.raises(ValidationError) as refused:
        deadlines.pause(ctx, "complaint", made, version, reason=" ", review_at=clock.now())
    assert set(refused.value.fields) == {"reason", "review_at"}
    with pytest.raises(PermissionDenied):
        deadlines.pause(ctx.acting_as(staff.ming), "complaint", made, version, reason="x", review_at=review)
    with pytest.raises(UserError):
        deadlines.resume(ctx, "complaint", made, version)
    deadlines.pause(ctx, "complaint", made, version, reason="x", review_at=review)
    with pytest.raises(ConflictError):
        deadlines.pause(ctx, "complaint", made, version, reason="x", review_at=review)
    with pytest.raises(UserError):
        deadlines.pause(ctx, "complaint", made, None, reason="x", review_at=review)
    done, version = opened(ctx, upto=len(RUN))
    with pytest.raises(UserError):
        deadlines.pause(ctx, "complaint", done, version, reason="x", review_at=review)


def test_closing_lets_the_clock_run_out(ctx: Context, clock: FixedClock) -> None:
    made, version = opened(ctx, upto=len(RUN) - 1)
    version = deadlines.pause(ctx, "complaint", made, version, reason="x", review_at=clock.now() + DAY)
    clock.advance(timedelta(days=3))
    complaints.act(ctx, made, version, "close", RUN[-1][1])
    (row,) = deadlines.find_pauses(ctx, "complaint", made)
    assert row.ended_at == clock.now()
    was_due = complaints.get_complaint(ctx, made).was_due_at
    assert was_due is not None and local(ctx, was_due) == "12-02 18:00"  # three days later than without the pause


def test_a_clock_set_back_an_hour_ends_no_pause_before_it_began(ctx: Context, clock: FixedClock) -> None:
    made, version = opened(ctx)
    version = deadlines.pause(ctx, "complaint", made, version, reason="x", review_at=clock.now() + DAY)
    clock.advance(-timedelta(hours=1))
    deadlines.resume(ctx, "complaint", made, version)
    (row,) = deadlines.find_pauses(ctx, "complaint", made)
    assert row.ended_at == row.started_at
    assert local(ctx, due_at(ctx, made)) == "11-29 18:00"


def test_the_condition_of_a_query_says_the_same_as_each_due_time(ctx: Context, clock: FixedClock) -> None:
    ids = []
    for number in range(12):
        clock.moment = datetime(2026, 11, 2, 1, 0, tzinfo=UTC) + timedelta(hours=31 * number)
        form = replace(FORM, title=f"案 {number}", item_code="", domestic=number % 3 > 0, emergency=number % 4 == 0,
                       next_reply_at=clock.now() + DAY)  # fmt: skip
        made = complaints.register_complaint(ctx, form)
        ids.append((made.id, made.version))
    for number, (complaint_id, version) in enumerate(ids):
        if number % 2:
            new = deadlines.pause(ctx, "complaint", complaint_id, version, reason="x", review_at=clock.now() + DAY)
            if number % 4 == 1:
                clock.advance(timedelta(days=1, hours=3))
                deadlines.resume(ctx, "complaint", complaint_id, new)
    with ctx.reading() as session:
        records = list(session.scalars(select(Complaint)))
        pauses = deadlines.pauses_of(session, "complaint", [record.id for record in records])
        seen = set()
        for days in range(40):
            moment = datetime(2026, 11, 6, tzinfo=UTC) + timedelta(days=days / 2)
            found = set(session.scalars(select(Complaint.id).where(finish_come(ctx, moment, stood_of_open(session)))))
            expected = set()
            for record in records:
                due = due_of(ctx, record, pauses.get(record.id, ()))
                assert due is not None
                if not due.paused and due.at <= moment:
                    expected.add(record.id)
            assert found == expected, days
            seen.add(len(found))
    assert len(seen) > 3  # the deadlines really came one after the other


def test_lists_ask_few_statements_however_many_were_paused(ctx: Context, clock: FixedClock) -> None:
    for number in range(4):
        made, version = opened(ctx, replace(FORM, title=str(number)))
        deadlines.pause(ctx, "complaint", made, version, reason="x", review_at=clock.now() + DAY)
    for show in complaints.FILTERS:
        with count_queries(ctx) as seen:
            complaints.find_complaints(ctx, show=show)
        assert len(seen) <= 3
