"""Matters out of calls, and who was asked first (FIRST); missed calls and the phone duty (CALL-15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.rules.policies import shipped
from crmdesk.services import calls, complaint_lists, knowledge, matters, missed_calls, phone_duty, today
from crmdesk.services.calls import CallForm, MatterEntry
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.knowledge import Terms
from crmdesk.services.phone_duty import Slot
from tests.helpers.office import Staff

FULL = CallForm(
    phone="0912345678", name="陳李美鳳", region="臺中", topic="stock", matter="問補貨", rings=2,
    read_back=("phone", "name", "matter"),
)  # fmt: skip


@pytest.fixture
def mei(ctx: Context, staff: Staff) -> Context:
    """The receptionist of an office that works by every pack."""
    return replace(ctx, policy=shipped()).acting_as(staff.mei)


def begin(ctx: Context, *entries: MatterEntry) -> calls.Saved:
    return calls.save_call(ctx, replace(FULL, matters=entries), complete=True)


def tasks(ctx: Context) -> set[tuple[str, int]]:
    found = today.get_board(ctx).tasks
    return {(task.duty, task.row_id) for task in found if task.duty.startswith(("matter", "missed"))}


@pytest.mark.clause("FIRST-01")
def test_several_matters_of_a_call_have_each_an_owner(mei: Context, staff: Staff) -> None:
    saved = begin(
        mei, MatterEntry("", staff.mei.id or 0), MatterEntry("修理多久？", staff.ming.id or 0),
        MatterEntry("營業時間？"),
    )  # fmt: skip
    rows = matters.find_matters(mei, show="all")
    assert {(row.text, row.owner, row.first, row.state) for row in rows} == {
        ("問補貨", "王小美", "王小美", "accepted"), ("修理多久？", "李阿明", "王小美", "accepted"),
        ("營業時間？", "王小美", "王小美", "satisfied"),
    }  # fmt: skip
    assert calls.get_call(mei, saved.id).form.matters == (
        MatterEntry("", staff.mei.id or 0), MatterEntry("修理多久？", staff.ming.id or 0), MatterEntry("營業時間？"),
    )  # fmt: skip
    # whoever was asked first keeps what a colleague works on
    assert {row.text for row in matters.find_matters(mei)} == {"問補貨", "修理多久？"}
    assert {row.text for row in matters.find_matters(mei.acting_as(staff.ming))} == {"修理多久？"}


def test_a_call_answered_at_once_leaves_no_matter_behind(mei: Context) -> None:
    begin(mei, MatterEntry())
    assert matters.find_matters(mei, show="all") == []


@pytest.mark.clause("FIRST-01")
def test_a_matter_goes_on_until_the_customer_is_satisfied(mei: Context, staff: Staff, clock: FixedClock) -> None:
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    version = matters.pass_matter(mei, row.id, version=row.version, department="品管", owner_id=staff.ming.id)
    ming = mei.acting_as(staff.ming)
    clock.advance(timedelta(hours=1))
    assert [m.state for m in matters.find_matters(mei)] == ["passed"]
    version = matters.answer_matter(ming, row.id, version=version, answer="週五到貨")
    version = matters.ask_back(mei, row.id, version=version, satisfied=False, opinion="週五太晚")
    again = matters.get_matter(mei, row.id)
    assert (again.row.state, again.row.owner, again.answered_at) == ("accepted", "王小美", None)
    version = matters.answer_matter(mei, row.id, version=version, answer="週三到貨")
    matters.ask_back(mei, row.id, version=version, satisfied=True)
    assert matters.find_matters(mei) == []
    done = matters.get_matter(mei, row.id)
    assert done.satisfied and [line.action for line in done.story][:2] == ["satisfied", "answer"]


@pytest.mark.clause("FIRST-02")
def test_passing_on_names_whom_and_when(mei: Context, staff: Staff) -> None:
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    with pytest.raises(ValidationError) as refused:
        matters.pass_matter(mei, row.id, version=row.version)
    assert refused.value.clause == "FIRST-02"
    matters.pass_matter(mei, row.id, version=row.version, department="製造")
    card = matters.get_matter(mei, row.id)
    assert (card.row.department, card.passed_at) == ("製造", mei.clock.now())


@pytest.mark.clause("FIRST-03")
def test_a_matter_is_closed_only_after_the_customer_was_asked_back(mei: Context, staff: Staff) -> None:
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    with pytest.raises(UserError):
        matters.ask_back(mei, row.id, version=row.version, satisfied=True)
    version = matters.answer_matter(mei, row.id, version=row.version, answer="有貨")
    assert [m.id for m in matters.find_matters(mei, show="to_ask")] == [row.id]
    assert ("matter_ask_back", row.id) in tasks(mei)
    with pytest.raises(ValidationError) as refused:
        matters.ask_back(mei, row.id, version=version, satisfied=False)
    assert refused.value.clause == "FIRST-01"
    matters.ask_back(mei, row.id, version=version, satisfied=True)
    assert tasks(mei) == set()


@pytest.mark.clause("CALL-24")
def test_an_answer_is_written_down(mei: Context, staff: Staff) -> None:
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    with pytest.raises(ValidationError) as refused:
        matters.answer_matter(mei, row.id, version=row.version, answer="  ")
    assert refused.value.clause == "CALL-24"


@pytest.mark.clause("CALL-22", "FIRST-05")
def test_a_matter_is_answered_within_the_limit_of_the_pack(mei: Context, staff: Staff, clock: FixedClock) -> None:
    begin(mei, MatterEntry("", staff.ming.id or 0))
    (row,) = matters.find_matters(mei)
    assert row.due_at == clock.now() + timedelta(hours=24)
    assert matters.get_matter(mei, row.id).due_clause == "CALL-22"
    clock.advance(timedelta(hours=23))
    assert ("matter_answer", row.id) in tasks(mei.acting_as(staff.ming))
    assert ("matter_first", row.id) in tasks(mei)


@pytest.mark.clause("FIRST-04")
def test_a_department_that_does_not_cooperate_gets_a_complaint(mei: Context, staff: Staff) -> None:
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    number = matters.complain_of_department(mei, row.id, version=row.version, department="製造", story="三天沒回話")
    (case,) = complaint_lists.find_complaints(mei)
    assert case.number == number and "製造" in case.title
    assert matters.get_matter(mei, row.id).story[0].action == "complain"


def test_matters_without_the_pack_are_followed_all_the_same(ctx: Context, staff: Staff) -> None:
    mei = replace(ctx, policy=shipped().with_packs(("showroom",))).acting_as(staff.mei)
    begin(mei, MatterEntry("", staff.mei.id or 0))
    (row,) = matters.find_matters(mei)
    assert row.due_at is None and ("matter_answer", row.id) in tasks(mei)
    with pytest.raises(ValidationError) as refused:
        matters.answer_matter(mei, row.id, version=row.version, answer="")
    assert refused.value.clause == ""


# outcomes, opinions -----------------------------------------------------------------------------------------------


def test_a_wrong_number_needs_no_record(mei: Context) -> None:
    saved = calls.save_call(mei, CallForm(phone="0912345678", outcome="wrong_number"), complete=True)
    assert calls.get_call(mei, saved.id).state == "done"


@pytest.mark.clause("CALL-11")
def test_who_is_not_reached_is_tried_again(mei: Context, clock: FixedClock) -> None:
    form = CallForm(phone="0912345678", direction="out", outcome="not_reached")
    with pytest.raises(ValidationError) as refused:
        calls.save_call(mei, form, complete=True)
    assert set(refused.value.fields) == {"callback_at"} and refused.value.clause == "CALL-11"
    at = clock.now() + timedelta(hours=3)
    saved = calls.save_call(mei, replace(form, callback_at=at), complete=True)
    calls.mark_called_back(mei, saved.id, result="沒人接", next_at=at + timedelta(hours=2))
    card = calls.get_call(mei, saved.id)
    assert card.tries == 2 and card.form.callback_at == at + timedelta(hours=2)
    assert [row.id for row in calls.find_calls(mei, show="callbacks")] == [saved.id]


@pytest.mark.clause("CALL-20")
def test_an_opinion_waits_until_its_department_has_it(mei: Context) -> None:
    saved = calls.save_call(mei, replace(FULL, opinion="包裝太緊", opinion_department="點貨"), complete=True)
    assert [row.id for row in calls.find_calls(mei, show="opinions")] == [saved.id]
    assert "call_opinion" in {task.duty for task in today.get_board(mei).tasks}
    calls.pass_opinion(mei, saved.id, version=saved.version, department="點貨")
    assert calls.get_call(mei, saved.id).opinion_passed_at == mei.clock.now()
    assert "call_opinion" not in {task.duty for task in today.get_board(mei).tasks}
    with pytest.raises(UserError):
        calls.pass_opinion(mei, saved.id, version=None, department="點貨")


@pytest.mark.clause("CALL-20")
def test_who_still_waits_for_an_answer_is_listed(mei: Context, staff: Staff) -> None:
    begin(mei)
    waiting = begin(mei, MatterEntry("", staff.mei.id or 0))
    assert [row.id for row in calls.find_calls(mei, show="unanswered")] == [waiting.id]


@pytest.mark.clause("CALL-19")
def test_the_channel_is_kept(mei: Context) -> None:
    saved = calls.save_call(mei, replace(FULL, channel="letter", line="客服專線"), complete=True)
    form = calls.get_call(mei, saved.id).form
    assert (form.channel, form.line) == ("letter", "客服專線")


# missed calls -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CALL-15")
def test_a_missed_call_in_hours_is_proposed_to_the_holder_and_never_more(
    mei: Context, ctx: Context, staff: Staff, clock: FixedClock
) -> None:
    boss = replace(ctx, policy=shipped().with_packs(("projects",)))
    phone_duty.save_slots(boss, [Slot(6, "9:00", "12:00", staff.ming.id or 0)])  # the clock stands on a Sunday, 09:41
    first = missed_calls.log_missed(boss, "0423456789")
    clock.advance(timedelta(hours=13))  # 22:41
    missed_calls.log_missed(boss, "0423456780")
    rows = {row.id: row for row in missed_calls.find_missed(boss)}
    inside, outside = rows[first], next(row for row in rows.values() if row.id != first)
    assert (inside.holder, inside.in_hours, inside.proposed, inside.clause) == ("李阿明", True, Decimal(50), "CALL-15")
    assert (outside.holder, outside.in_hours, outside.proposed) == ("", False, Decimal(0))


@pytest.mark.clause("CALL-16")
def test_a_colleagues_own_phone_has_hours_of_its_own(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    boss = replace(ctx, policy=shipped().with_packs(("projects",)))
    at = clock.now() - timedelta(hours=1)  # 08:41: the service phone has not opened yet
    missed_calls.log_missed(boss, "0423456789", at=at, staff_id=staff.ming.id)
    missed_calls.log_missed(boss, "0423456780", at=at)
    own, service = sorted(missed_calls.find_missed(boss), key=lambda row: row.id)
    assert (own.holder, own.in_hours, own.proposed, own.clause) == ("李阿明", True, Decimal(10), "CALL-16")
    assert (service.in_hours, service.proposed) == (False, Decimal(0))


@pytest.mark.clause("CALL-17")
def test_other_packs_have_other_hours(ctx: Context) -> None:
    without = replace(ctx, policy=shipped().with_packs(("showroom",)))
    assert missed_calls.find_missed(without) == [] and phone_duty.in_words(phone_duty.hours_of(without)) == ""
    whole = phone_duty.hours_of(replace(ctx, policy=shipped().with_packs(("property", "projects"))))
    assert (whole.clause, phone_duty.in_words(whole)) == ("CALL-17", "all day long")
    projects = shipped().with_packs(("projects",))
    assert phone_duty.in_words(phone_duty.hours_of(replace(ctx, policy=projects))) == "09:00–22:00"
    late = projects.with_overrides({("CALL-15", "from"): projects.value("CALL-16", "from")})
    assert phone_duty.in_words(phone_duty.hours_of(replace(ctx, policy=late))) == "08:00–22:00"


def test_talking_with_the_number_settles_the_missed_call(mei: Context) -> None:
    customer = create_customer(mei, CustomerForm("陳李美鳳", phones=(PhoneEntry("0912-345-678"),))).id
    missed_calls.log_missed(mei, "+886912345678")
    (row,) = missed_calls.find_missed(mei)
    assert (row.name, row.customer_id) == ("陳李美鳳", customer)
    assert tasks(mei) == {("missed_call", row.id)}
    nobody = CallForm(phone="0912345678", direction="out", outcome="busy", callback_at=mei.clock.now())
    calls.save_call(mei, nobody, complete=True)
    assert missed_calls.count_missed(mei) == 1
    saved = calls.save_call(mei, replace(FULL, direction="out"), complete=True)
    assert missed_calls.count_missed(mei) == 0 and tasks(mei) == set()
    (row,) = missed_calls.find_missed(mei, show="all")
    assert row.returned_by == saved.number


def test_a_missed_call_is_settled_with_a_reason_only(mei: Context) -> None:
    missed_calls.log_missed(mei, "‮ 12345 🙂" * 12, name="推銷")
    (row,) = missed_calls.find_missed(mei, "推銷")
    with pytest.raises(ValidationError):
        missed_calls.settle_missed(mei, row.id, version=row.version, reason=" ")
    missed_calls.settle_missed(mei, row.id, version=row.version, reason="推銷電話")
    assert missed_calls.find_missed(mei) == []
    with pytest.raises(UserError):
        missed_calls.settle_missed(mei, row.id, version=None, reason="again")


@pytest.mark.parametrize(
    ("slot", "field"),
    [
        (Slot(0, "9", "12:00", 1), "begins"),
        (Slot(0, "12:00", "12:00", 1), "ends"),
        (Slot(0, "9:00", "24:01", 1), "ends"),
    ],
)
def test_a_slot_nobody_can_read_is_refused(desk: Context, slot: Slot, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        phone_duty.save_slots(desk, [slot])
    assert set(refused.value.fields) == {field}


def test_slots_that_overlap_are_refused(desk: Context, staff: Staff) -> None:
    slots = [Slot(0, "09:00", "13:00", staff.mei.id or 0), Slot(0, "12:00", "22:00", staff.ming.id or 0)]
    with pytest.raises(ValidationError):
        phone_duty.save_slots(desk, slots)
    with pytest.raises(PermissionDenied):
        phone_duty.save_slots(desk.acting_as(staff.mei), slots[:1])


@pytest.mark.clause("CALL-09")
def test_the_terms_are_kept_by_the_manager_and_read_by_all(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        knowledge.save_terms(mei, Terms("x"))
    knowledge.save_terms(ctx, Terms("首批 3 萬\n第二行", "加盟金"))
    knowledge.save_terms(ctx, Terms("首批 5 萬", ""))
    assert knowledge.get_terms(mei) == Terms("首批 5 萬", "")
