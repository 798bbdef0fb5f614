"""Reception: the greeting minute, water, keys, the clerk, and nobody leaves with a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.sale import Sale
from crmdesk.services import closing, visits
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.records import find_story, find_timeline
from crmdesk.services.visits import VisitForm
from tests.helpers.office import Staff, count_queries

NEW = CustomerForm("黃淑惠", kind="retail", phones=(PhoneEntry("0912-345-678"),))


def come_in(ctx: Context, **changes: Any) -> visits.VisitRow:
    form = VisitForm("黃淑惠", new_customer=NEW, purpose="看新款")
    return visits.get_visit(ctx, visits.check_in(ctx, replace(form, **changes)))


def again(ctx: Context, visit: visits.VisitRow) -> visits.VisitRow:
    return visits.get_visit(ctx, visit.id)


def in_showroom(ctx: Context, staff: Staff, **changes: Any) -> visits.VisitRow:
    visit = come_in(ctx, **changes)
    visits.act(ctx, visit.id, visit.version, "greet")
    visits.serve_water(ctx, visit.id, again(ctx, visit).version)
    visits.give_key(ctx, visit.id, again(ctx, visit).version, 7)
    visits.assign_clerk(ctx, visit.id, again(ctx, visit).version, staff.mei.id or 0)
    visits.act(ctx, visit.id, again(ctx, visit).version, "enter")
    return again(ctx, visit)


def test_a_new_guest_is_registered_and_gets_the_days_next_number(ctx: Context) -> None:
    first, second = come_in(ctx), come_in(ctx, new_customer=None, visitor_name="路過的客人")
    assert (first.number, second.number) == ("V261122-001", "V261122-002")
    assert first.customer_id is not None
    assert second.customer_id is None
    assert find_timeline(ctx, first.customer_id)[0].title == "Visit: 看新款"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visitor_name": "  "}, "visitor_name"),
        ({"visitor_name": "甲" * 81}, "visitor_name"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"party_size": 0}, "party_size"),
        ({"party_size": 201}, "party_size"),
        ({"visitor_class": "z"}, "visitor_class"),
        ({"new_customer": CustomerForm("")}, "name"),
    ],
)
def test_wrong_input_is_named_by_field(ctx: Context, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        come_in(ctx, **changes)
    assert field in caught.value.fields


@pytest.mark.clause("RCPT-02")
@pytest.mark.clause("RCPT-04")
@pytest.mark.clause("RCPT-05")
def test_the_showroom_opens_after_water_key_and_clerk(ctx: Context, staff: Staff) -> None:
    visit = come_in(ctx)
    visits.act(ctx, visit.id, visit.version, "greet")
    visit = again(ctx, visit)
    (enter, *_rest) = visits.find_steps(ctx, visit)
    assert not enter.ready
    assert set(enter.clauses) == {"RCPT-02", "RCPT-04", "RCPT-05"}
    with pytest.raises(UserError, match="glass of water") as caught:
        visits.act(ctx, visit.id, visit.version, "enter")
    assert caught.value.clause == "RCPT-02"
    visits.serve_water(ctx, visit.id, visit.version)
    visits.give_key(ctx, visit.id, again(ctx, visit).version, None)
    visits.assign_clerk(ctx, visit.id, again(ctx, visit).version, staff.mei.id or 0)
    assert visits.act(ctx, visit.id, again(ctx, visit).version, "enter") == "in_showroom"


@pytest.mark.clause("RCPT-04")
def test_a_key_is_given_once_and_its_holder_is_named(ctx: Context, staff: Staff) -> None:
    holder = in_showroom(ctx, staff)
    other = come_in(ctx, new_customer=None, visitor_name="賴宗翰")
    with pytest.raises(UserError, match="Key 7 is out with 黃淑惠"):
        visits.give_key(ctx, other.id, other.version, 7)
    with pytest.raises(UserError, match="has key 7 already"):
        visits.give_key(ctx, holder.id, holder.version, 8)
    with pytest.raises(ValidationError):
        visits.give_key(ctx, other.id, other.version, 25)
    visits.return_key(ctx, holder.id, holder.version)
    visits.give_key(ctx, other.id, again(ctx, other).version, 7)
    assert list(visits.find_board(ctx).keys) == [7]
    assert visits.find_board(ctx).keys[7].name == "賴宗翰"


@pytest.mark.clause("RCPT-04")
@pytest.mark.clause("SEND-06")
def test_nobody_leaves_with_a_key_without_a_reason(ctx: Context, staff: Staff) -> None:
    visit = in_showroom(ctx, staff)
    visits.act(ctx, visit.id, visit.version, "leave")
    ticks = ("offered", "transport", "belongings")
    visits.update_visit(ctx, visit.id, again(ctx, visit).version, send_off=ticks)
    with pytest.raises(UserError, match="locker key is still out") as caught:
        visits.act(ctx, visit.id, again(ctx, visit).version, "check_out")
    assert caught.value.clause == "RCPT-04"
    visits.act(ctx, visit.id, again(ctx, visit).version, "check_out", reason="忘了帶走，明天送回")
    gone = again(ctx, visit)
    assert (gone.state, gone.leave_reason) == ("left", "忘了帶走，明天送回")
    assert visits.find_board(ctx).keys[7].id == visit.id, "the key stays out until it is back"


@pytest.mark.clause("PACK-09")
def test_nobody_leaves_with_an_open_bill(ctx: Context, staff: Staff) -> None:
    visit = in_showroom(ctx, staff)
    visits.return_key(ctx, visit.id, visit.version)
    with ctx.transaction("Open slip") as session:
        session.add(
            Sale(
                customer_id=visit.customer_id or 0,
                visit_id=visit.id,
                clerk_id=staff.mei.id or 0,
                currency="TWD",
                opened_at=ctx.clock.now(),
                created_at=ctx.clock.now(),
                number="2026-000001",
                state="printed",
            )
        )
    visits.act(ctx, visit.id, again(ctx, visit).version, "leave")
    visits.update_visit(ctx, visit.id, again(ctx, visit).version, send_off=("offered", "transport", "belongings"))
    row = again(ctx, visit)
    assert (row.unpaid, row.slip) == (1, "2026-000001")
    with pytest.raises(UserError, match="not paid") as caught:
        visits.act(ctx, visit.id, row.version, "check_out")
    assert caught.value.clause == "PACK-09"


def test_the_board_has_every_guest_in_one_lane(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    later = come_in(ctx, new_customer=None, visitor_name="林金珠", appointment_at=clock.now() + timedelta(hours=1))
    tomorrow = clock.now() + timedelta(days=1)
    come_in(ctx, new_customer=None, visitor_name="明天的客人", appointment_at=tomorrow)
    inside = in_showroom(ctx, staff)
    waiting = come_in(ctx, new_customer=None, visitor_name="吳志豪")
    with count_queries(ctx) as seen:
        board = visits.find_board(ctx)
    assert len(seen) <= 3
    assert [v.id for v in board.booked] == [later.id]
    assert [v.id for v in board.waiting] == [waiting.id]
    assert [v.id for v in board.received] == [inside.id]
    assert visits.count_in_house(ctx) == 2
    assert visits.check_closing(ctx) == (("吳志豪", "黃淑惠"), (7,))
    visits.arrive(ctx, later.id, later.version)
    assert again(ctx, later).state == "waiting"
    with pytest.raises(UserError):
        visits.arrive(ctx, later.id, again(ctx, later).version)


def test_the_later_of_two_receptionists_is_told(ctx: Context, staff: Staff) -> None:
    visit = come_in(ctx)
    visits.act(ctx.acting_as(staff.fang), visit.id, visit.version, "greet")
    with pytest.raises(ConflictError) as caught:
        visits.act(ctx.acting_as(staff.mei), visit.id, visit.version, "greet")
    assert caught.value.by == "周小芳"


def test_a_packer_receives_nobody(ctx: Context, staff: Staff) -> None:
    with pytest.raises(PermissionDenied):
        come_in(ctx.acting_as(staff.wen))


def test_the_story_tells_who_did_what(ctx: Context, staff: Staff) -> None:
    visit = in_showroom(ctx.acting_as(staff.fang), staff)
    story = [(line.title, line.by) for line in find_story(ctx, "visit", visit.id)]
    assert story[0] == ("Taken into the showroom", "周小芳")
    assert ("Locker key 7 given", "周小芳") in story
    assert visits.find_purposes(ctx) == ["看新款"]
    assert [row.id for row in visits.find_visits(ctx, customer_id=visit.customer_id)] == [visit.id]


@pytest.mark.clause("RCPT-02")
def test_a_stranger_is_registered_later_from_the_visit(ctx: Context) -> None:
    visit = come_in(ctx, new_customer=None, visitor_name="路過的客人")
    form = VisitForm("羅先生", new_customer=CustomerForm("羅先生", kind="retail"), visitor_class="a", party_size=3)
    visits.change_visit(ctx, visit.id, visit.version, form)
    known = again(ctx, visit)
    assert known.customer_id is not None
    assert (known.name, known.visitor_class, known.place, known.party_size) == ("羅先生", "a", "a", 3)
    with pytest.raises(ValidationError) as caught:
        visits.change_visit(ctx, visit.id, known.version, replace(form, visitor_name=" "))
    assert "visitor_name" in caught.value.fields


@pytest.mark.clause("RCPT-01")
def test_the_minute_counts_who_was_greeted_in_time(ctx: Context, clock: FixedClock) -> None:
    prompt, slow = come_in(ctx), come_in(ctx, new_customer=None, visitor_name="吳志豪")
    assert visits.count_greeted(ctx, visits.find_board(ctx)) == (0, 0)
    clock.advance(timedelta(seconds=60))
    visits.act(ctx, prompt.id, prompt.version, "greet")
    assert visits.count_greeted(ctx, visits.find_board(ctx)) == (1, 1)
    clock.advance(timedelta(seconds=1))
    assert visits.count_greeted(ctx, visits.find_board(ctx)) == (1, 2), "the one still waiting is late already"
    visits.act(ctx, slow.id, slow.version, "greet")
    assert visits.count_greeted(ctx, visits.find_board(ctx)) == (1, 2)


@pytest.mark.clause("SEND-03")
def test_the_way_home_is_written_down_and_ticked(ctx: Context, staff: Staff) -> None:
    visit = in_showroom(ctx, staff)
    visits.update_visit(ctx, visit.id, visit.version, send_off=("offered",), transport="train")
    row = again(ctx, visit)
    assert (row.transport, row.send_off) == ("train", ("offered", "transport"))
    with pytest.raises(ValidationError):
        visits.update_visit(ctx, visit.id, row.version, transport="rocket")


@pytest.mark.clause("RCPT-04")
def test_a_key_of_yesterday_stays_on_the_board_though_its_guest_does_not(
    ctx: Context, staff: Staff, clock: FixedClock
) -> None:
    visit = in_showroom(ctx, staff)
    visits.act(ctx, visit.id, visit.version, "leave")
    visits.act(ctx, visit.id, again(ctx, visit).version, "check_out", reason="趕飛機")
    assert [row.id for row in visits.find_board(ctx).left] == [visit.id]
    clock.advance(timedelta(days=1))
    board = visits.find_board(ctx)
    assert board.left == ()
    assert list(board.keys) == [7]


def test_lists_take_one_statement(ctx: Context, staff: Staff) -> None:
    visit = in_showroom(ctx, staff)
    for read in (visits.find_visits, visits.find_purposes, visits.count_in_house):
        with count_queries(ctx) as seen:
            read(ctx)
        assert len(seen) <= 2, read.__name__
    assert visits.find_visits(ctx)[0].id == visit.id


def test_past_visits_are_found_by_day_name_phone_and_number(ctx: Context, clock: FixedClock) -> None:
    long_ago = come_in(ctx)
    clock.advance(timedelta(days=40))
    last_week = come_in(ctx, new_customer=None, visitor_name="路過的客人")
    clock.advance(timedelta(days=2))
    wang = CustomerForm("王建國", phones=(PhoneEntry("0933-222-111"),))
    today = come_in(ctx, new_customer=wang, visitor_name="王建國")

    def found(text: str = "", show: str = "all") -> list[int]:
        with count_queries(ctx) as seen:
            rows = visits.find_visits(ctx, text, show=show)
        assert len(seen) <= 3
        return [row.id for row in rows]

    assert found() == [today.id, last_week.id, long_ago.id]
    assert found(show="today") == [today.id]
    assert found(show="month") == [today.id, last_week.id]
    assert found("345678") == [long_ago.id]
    assert found("0933-222-111") == [today.id]
    assert found("黃淑惠") == found("黄淑惠") == found("huang shu") == [long_ago.id]
    assert found("路過") == [last_week.id]
    assert found(today.number[-7:]) == [today.id]
    assert found("沒有這個人") == []
    assert found("黃淑惠", show="today") == []


def test_past_visits_need_the_receptions_right(ctx: Context, staff: Staff) -> None:
    come_in(ctx)
    with pytest.raises(PermissionDenied):
        visits.find_visits(ctx.acting_as(replace(staff.wen, roles=())), "黃")


@pytest.mark.clause("CALL-13")
def test_the_fax_is_ticked_each_evening_with_who_and_when(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    assert closing.find_fax(ctx) is None
    closing.tick_fax(ctx.acting_as(staff.mei), True)
    ticked = closing.find_fax(ctx)
    assert ticked is not None and (ticked.by, ticked.at) == (staff.mei.name, clock.now())
    closing.tick_fax(ctx, False)
    assert closing.find_fax(ctx) is None, "the last word counts"
    closing.tick_fax(ctx, True)
    clock.advance(timedelta(days=1))
    assert closing.find_fax(ctx) is None, "each evening anew"
