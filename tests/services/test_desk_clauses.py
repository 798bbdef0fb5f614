"""Clauses that a desk holds to: a step is refused without them, a time is due by them, a paper says them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.services import complaints, packing, papers, sales, visits
from crmdesk.services.context import NOBODY, Context, User
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.customer_search import find_customers, find_people
from crmdesk.services.records import find_timeline
from crmdesk.services.sales import SaleLineForm
from crmdesk.services.search import find_anything
from crmdesk.services.today import Task, get_board
from crmdesk.services.visits import VisitForm
from tests.helpers.office import Staff
from tests.printing.reading import squeezed, texts
from tests.services.test_approvals import by_packs
from tests.services.test_complaints import FORM, RUN, opened
from tests.services.test_packing import ALL_CODES, begin, pack_all, scan, tick, version
from tests.services.test_sales import make_customer, make_items, write
from tests.services.test_visits import again, come_in, in_showroom

# reception --------------------------------------------------------------------------------------------------------


def at_the_door(ctx: Context, staff: Staff, **changes: object) -> visits.VisitRow:
    """A guest for whom everything is done but what the form leaves out."""
    visit = come_in(ctx, **changes)
    visits.act(ctx, visit.id, visit.version, "greet")
    visits.serve_water(ctx, visit.id, again(ctx, visit).version)
    visits.give_key(ctx, visit.id, again(ctx, visit).version, None)
    visits.assign_clerk(ctx, visit.id, again(ctx, visit).version, staff.mei.id or 0)
    return again(ctx, visit)


@pytest.mark.clause("RCPT-03")
def test_nobody_is_led_in_before_the_purpose_is_asked(ctx: Context, staff: Staff) -> None:
    visit = at_the_door(ctx, staff, purpose="  ")
    with pytest.raises(UserError) as refused:
        visits.act(ctx, visit.id, visit.version, "enter")
    assert refused.value.clause == "RCPT-03"
    assert again(ctx, visit).state == "greeted"
    visits.update_visit(ctx, visit.id, again(ctx, visit).version, purpose="看新款")
    assert visits.act(ctx, visit.id, again(ctx, visit).version, "enter") == "in_showroom"


@pytest.mark.clause("CRM-10")
def test_a_new_customer_is_registered_before_the_showroom(ctx: Context, staff: Staff) -> None:
    visit = at_the_door(ctx, staff, new_customer=None, visitor_name="路過的客人")
    with pytest.raises(UserError, match="register the new customer"):
        visits.act(ctx, visit.id, visit.version, "enter")
    new = CustomerForm("羅先生", kind="retail")
    form = VisitForm("羅先生", new_customer=new, purpose="看新款", clerk_id=staff.mei.id)
    visits.change_visit(ctx, visit.id, again(ctx, visit).version, form)
    assert visits.act(ctx, visit.id, again(ctx, visit).version, "enter") == "in_showroom"


@pytest.mark.clause("CRM-10")
def test_a_missing_archive_is_made_up_for_before_the_slip_is_printed(ctx: Context) -> None:
    make_items(ctx)
    saved = write(ctx, make_customer(ctx, "無名", phones=(), address=""), SaleLineForm("R-1013"))
    with pytest.raises(UserError, match="register the customer's name, phone and address"):
        sales.print_sale(ctx, saved.id, saved.version, consent=True)
    assert sales.get_sale(ctx, saved.id).state == "draft"


@pytest.mark.clause("RCPT-07")
@pytest.mark.parametrize(("visitor_class", "place"), [("a", "a"), ("b", "b"), ("c", "c")])
def test_the_class_gives_the_place(ctx: Context, clock: FixedClock, visitor_class: str, place: str) -> None:
    assert come_in(ctx, visitor_class=visitor_class).place == place
    later = clock.now() + timedelta(hours=1)
    booked = come_in(ctx, new_customer=None, visitor_class=visitor_class, appointment_at=later)
    assert booked.place == "", "a place is given to who is here"
    visits.arrive(ctx, booked.id, booked.version)
    assert again(ctx, booked).place == place
    other = come_in(ctx, new_customer=None, visitor_class="b" if visitor_class != "b" else "a")
    visits.change_visit(ctx, other.id, other.version, VisitForm("黃淑惠", visitor_class=visitor_class))
    assert again(ctx, other).place == place


@pytest.mark.parametrize(
    ("missing", "clause"),
    [
        pytest.param("offered", "SEND-01", marks=pytest.mark.clause("SEND-01")),
        pytest.param("belongings", "SEND-04", marks=pytest.mark.clause("SEND-04")),
    ],
)
def test_nobody_is_checked_out_before_the_send_off(ctx: Context, staff: Staff, missing: str, clause: str) -> None:
    visit = in_showroom(ctx, staff)
    visits.return_key(ctx, visit.id, visit.version)
    visits.act(ctx, visit.id, again(ctx, visit).version, "leave")
    ticks = ("offered", "transport", "belongings")
    visits.update_visit(ctx, visit.id, again(ctx, visit).version, send_off=tuple(k for k in ticks if k != missing))
    with pytest.raises(UserError) as refused:
        visits.act(ctx, visit.id, again(ctx, visit).version, "check_out")
    assert refused.value.clause == clause
    assert again(ctx, visit).state == "leaving"
    visits.update_visit(ctx, visit.id, again(ctx, visit).version, send_off=ticks)
    assert visits.act(ctx, visit.id, again(ctx, visit).version, "check_out") == "left"


# customers --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-36")
@pytest.mark.parametrize("who", [NOBODY, User(1, "x", "x", ("a role nobody knows",))], ids=["nobody", "no role"])
def test_customers_and_sales_are_secret_to_who_has_no_right(ctx: Context, staff: Staff, who: User) -> None:
    make_items(ctx)
    customer = make_customer(ctx)
    slip = write(ctx, customer, SaleLineForm("R-1013"))
    assert get_customer(ctx, customer).name == "陳李美鳳"
    looks: list[Callable[[Context], object]] = [
        lambda by: get_customer(by, customer),
        lambda by: find_customers(by, "陳李美鳳"),
        lambda by: find_people(by, "345678"),
        lambda by: find_anything(by, "陳李美鳳"),
        lambda by: find_timeline(by, customer),
        lambda by: sales.get_sale(by, slip.id),
        lambda by: sales.find_sales(by),
    ]
    for look in looks:
        with pytest.raises(PermissionDenied):
            look(ctx.acting_as(who))
    for look in looks[-2:]:
        with pytest.raises(PermissionDenied):
            look(ctx.acting_as(staff.wu))  # knows the customers of his complaints, not what they bought


# packing ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("ORD-11")
def test_each_line_is_counted_by_code_and_quantity_and_marked(ctx: Context, staff: Staff) -> None:
    desk, record = begin(ctx, staff)
    tick(desk, record, "name_checked", "protected")
    for code in ALL_CODES:
        assert {line.tick for line in packing.get_packing(desk, record).lines} != {"ok"}
        with pytest.raises(UserError) as refused:
            packing.finish(desk, record, version(desk, record))
        assert refused.value.clause == "PACK-03"
        assert scan(desk, record, code).verdict == "ok"
    sheet = packing.get_packing(desk, record)
    assert [(line.code, line.packed, line.tick) for line in sheet.lines] == [
        ("R-1013", 2, "ok"), ("B-2207", 1, "ok"), ("B-2201", 3, "ok"),
    ]  # fmt: skip
    assert scan(desk, record, "B-2201").verdict == "too_many"
    alarm = packing.get_packing(desk, record).pending
    assert alarm is not None
    packing.acknowledge(desk, record, version(desk, record), alarm.id)
    assert packing.finish(desk, record, version(desk, record))


@pytest.mark.clause("PACK-05")
def test_nothing_is_packed_before_it_is_protected(ctx: Context, staff: Staff) -> None:
    desk, record = begin(ctx, staff)
    pack_all(desk, record)
    tick(desk, record, "name_checked")
    with pytest.raises(UserError) as refused:
        packing.finish(desk, record, version(desk, record))
    assert refused.value.clause == "PACK-05"
    assert packing.get_packing(desk, record).state == "packing"
    tick(desk, record, "protected")
    assert packing.finish(desk, record, version(desk, record))


@pytest.mark.clause("SET-02")
def test_a_faulty_piece_comes_out_of_the_carton_and_is_not_packed_again(ctx: Context, staff: Staff) -> None:
    desk, record = begin(ctx, staff)
    pack_all(desk, record)
    chain = packing.get_packing(desk, record).lines[2]
    packing.cross_line(desk, record, version(desk, record), chain.id, 1, reason="faulty", note="扣頭鬆")
    sheet = packing.get_packing(desk, record)
    assert (sheet.cartons[0].pieces, sheet.lines[2].packed, sheet.lines[2].reason) == (5, 2, "faulty")
    assert scan(desk, record, "B-2201").stops
    assert packing.get_packing(desk, record).cartons[0].pieces == 5


# complaints -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "clause"),
    [
        pytest.param("heard", "CMP-02", marks=pytest.mark.clause("CMP-02")),
        pytest.param("asked", "CMP-03", marks=pytest.mark.clause("CMP-03")),
    ],
)
def test_a_complaint_is_passed_on_only_heard_out_and_asked(ctx: Context, left_out: str, clause: str) -> None:
    record, at = opened(ctx)
    values = RUN[0][1] | {"handler": ctx.user.id}
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "assign", {key: value for key, value in values.items() if key != left_out})
    assert (set(refused.value.fields), refused.value.clause) == ({left_out}, clause)
    assert complaints.get_complaint(ctx, record).state == "received"
    complaints.act(ctx, record, at, "assign", values)


@pytest.mark.clause("CMP-05")
def test_the_customer_is_told_course_and_result_before_the_case_is_closed(ctx: Context) -> None:
    record, at = opened(ctx, upto=5)
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "tell", {"reply": " "})
    assert (set(refused.value.fields), refused.value.clause) == ({"reply"}, "CMP-05")
    at = complaints.act(ctx, record, at, "tell", {"reply": "換新並致歉"})
    at = complaints.act(ctx, record, at, "call_back", {"satisfied": True})
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "close", {"followed": True, "recorded": True})
    assert (set(refused.value.fields), refused.value.clause) == ({"replied"}, "CMP-05")
    complaints.act(ctx, record, at, "close", RUN[-1][1])


@pytest.mark.clause("CMP-05")
def test_a_complaint_that_is_not_upheld_is_answered_too(ctx: Context) -> None:
    record, at = opened(ctx, upto=2)
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "not_upheld", {"upheld": False})
    assert (set(refused.value.fields), refused.value.clause) == ({"reply"}, "CMP-05")


@pytest.mark.clause("CMP-06")
def test_matter_course_and_result_stand_on_the_paper(ctx: Context) -> None:
    record, _at = opened(ctx, upto=len(RUN))
    for office in (ctx, by_packs(ctx, "showroom")):  # the form in five copies; the register of an office without it
        pages = texts(papers.render_paper(office, complaints.freeze_sheet(office, record)))
        assert pages
        for page in pages:
            for said in (FORM.complainant, FORM.story, "扣頭太薄", "換新", "品管", "林經理", "2026-11-22"):
                assert squeezed(said) in page, said


@pytest.mark.clause("CMP-06")
def test_no_case_is_closed_before_it_is_written_down(ctx: Context) -> None:
    record, at = opened(ctx, upto=len(RUN) - 1)
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "close", {"followed": True, "replied": True})
    assert (set(refused.value.fields), refused.value.clause) == ({"recorded"}, "CMP-06")


@pytest.mark.clause("CMP-36")
def test_each_copy_of_the_form_says_that_no_customer_gets_it(ctx: Context) -> None:
    record, _at = opened(ctx, upto=3)
    pages = texts(papers.render_paper(ctx, complaints.freeze_sheet(ctx, record)))
    assert len(pages) == 5
    for page in pages:
        assert "內部" in page and "(CMP-36)" in page.replace("（", "(").replace("）", ")")


# on the Today board -----------------------------------------------------------------------------------------------


def on_board(ctx: Context, duty: str) -> list[Task]:
    return [task for task in get_board(ctx).tasks if task.duty == duty]


@pytest.mark.clause("CMP-72")
def test_who_completed_a_complaint_is_reminded_to_phone_the_same_day(ctx: Context, clock: FixedClock) -> None:
    record, at = opened(ctx, upto=5)
    assert not on_board(ctx, "complaint_callback")
    at = complaints.act(ctx, record, at, "tell", {"reply": "換新並致歉"})
    (task,) = on_board(ctx, "complaint_callback")
    assert (task.record_id, task.group, clock.local(task.due_at).date()) == (record, "today", clock.today())
    clock.advance(timedelta(days=1))
    assert [task.group for task in on_board(ctx, "complaint_callback")] == ["overdue"]
    complaints.act(ctx, record, at, "call_back", {"satisfied": True})
    assert not on_board(ctx, "complaint_callback")


@pytest.mark.clause("CMP-30")
def test_the_report_is_reminded_of_within_the_days_of_the_clause(ctx: Context, clock: FixedClock) -> None:
    record, at = opened(ctx, replace(FORM, next_reply_at=clock.now() + timedelta(days=20)), upto=1)
    clock.advance(timedelta(days=1))
    assert not on_board(ctx, "complaint_report")
    at = complaints.act(ctx, record, at, "investigate", {})
    begun, (task,) = clock.now(), on_board(ctx, "complaint_report")
    assert (task.record_id, task.clause, task.start) == (record, "CMP-30", begun)
    assert clock.local(task.due_at).date() == clock.local(begun).date() + timedelta(days=3)
    longer = replace(ctx, policy=ctx.policy.with_overrides({("CMP-30", "report_days"): 5}))
    (moved,) = on_board(longer, "complaint_report")
    assert moved.due_at - task.due_at == timedelta(days=2)
    clock.advance(timedelta(days=4))
    assert [task.group for task in on_board(ctx, "complaint_report")] == ["overdue"]
    complaints.act(ctx.acting_as(Staff.of(ctx).wu), record, at, *RUN[2])
    assert not on_board(ctx, "complaint_report")
