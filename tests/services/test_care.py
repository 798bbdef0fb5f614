"""Care for customers: birthdays by sun and moon, festivals, illness, wanted goods, write-ups, deposits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.item import Item
from crmdesk.model.visit import Visit
from crmdesk.rules.care import birthday_days, next_festival
from crmdesk.rules.rights import Right
from crmdesk.services import care, customers, deposits, follows, records
from crmdesk.services.archive_looks import look
from crmdesk.services.care import CareForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import ContactEntry, CustomerForm, RelativeEntry
from crmdesk.services.deposits import DepositForm
from crmdesk.services.follows import FollowForm
from crmdesk.services.records import TimelineFilter
from crmdesk.services.today import Task, find_last_said, get_board
from tests.helpers.office import Staff, count_queries

CHEN = CustomerForm("陳李美鳳", "wholesale", "A", company="陳家銀樓")
DAY = timedelta(days=1)


def make(ctx: Context, **changes: Any) -> int:
    return customers.create_customer(ctx, replace(CHEN, **changes), confirmed=("same_phone",)).id


def tasks(ctx: Context, duty: str, show: str = "me") -> list[Task]:
    return [task for task in get_board(ctx, show).tasks if task.duty == duty]


def at_day(clock: FixedClock, day: date) -> None:
    clock.advance(datetime(day.year, day.month, day.day, 9, 30, tzinfo=clock.zone) - clock.now())


@pytest.mark.clause("CRM-15")
def test_birthdays_of_customer_contact_and_family_come_by_sun_and_moon(
    ctx: Context, clock: FixedClock, staff: Staff
) -> None:
    at_day(clock, date(2026, 9, 23))  # the full moon of the eighth month is on 25 September 2026
    made = make(
        ctx, birthday="1980-09-25", contacts=(ContactEntry("林小姐", birthday="農曆8-15"),),
        relatives=(RelativeEntry("女兒", "小雲", "9/26", "", "cake"),),
    )  # fmt: skip
    make(ctx, name="別人", birthday="10-20")
    assert [t.record_id for t in tasks(ctx, "birthday_customer")] == [made]
    contact, family = tasks(ctx, "birthday_contact")[0], tasks(ctx, "birthday_family")[0]
    assert "林小姐" in contact.title and "小雲" in family.title and contact.arguments == (("tab", "care"),)
    assert ctx.clock.local(contact.due_at).date() == date(2026, 9, 25)
    assert contact.group == "week" and contact.clause == "CRM-15"
    assert not tasks(ctx.acting_as(staff.mei), "birthday_family")  # the family is kept closed
    found = {o.who: o for o in care.find_occasions(ctx, made)}
    assert found["customer"].age == 46 and found["relative"].way == "cake"
    care.greet(ctx, made, found["customer"].key, "phone", "很高興")
    assert not tasks(ctx, "birthday_customer") and tasks(ctx, "birthday_contact")
    with pytest.raises(UserError):
        care.greet(ctx, made, found["customer"].key, "phone")
    assert records.find_timeline(ctx, made)[0].title == "Greeted: By phone"
    at_day(clock, date(2027, 9, 24))
    assert tasks(ctx, "birthday_customer")  # next year again


def test_who_does_not_want_to_be_contacted_or_has_left_is_not_greeted(ctx: Context, clock: FixedClock) -> None:
    make(ctx, birthday="11-23", may_contact="no", contacts=(ContactEntry("林", birthday="11-23"),))
    make(ctx, name="乙", contacts=(ContactEntry("王", birthday="11-23", left_on=date(2026, 1, 1)),))
    make(ctx, name="丙", kind="enquirer", grade="", birthday="11-23")
    assert not tasks(ctx, "birthday_customer") and not tasks(ctx, "birthday_contact")


@pytest.mark.clause("CRM-15")
def test_days_ahead_are_the_regulations(ctx: Context) -> None:
    make(ctx, birthday="11-27")
    assert not tasks(ctx, "birthday_customer")
    policy = ctx.policy.with_overrides({("CRM-15", "days_ahead"): 6})
    assert tasks(replace(ctx, policy=policy), "birthday_customer")


@pytest.mark.clause("CRM-15", "CRM-16")
def test_festivals_by_care_level(ctx: Context, clock: FixedClock) -> None:
    important, ordinary = make(ctx, care_level="important"), make(ctx, name="乙", care_level="ordinary")
    make(ctx, name="丙")
    assert not tasks(ctx, "festival")
    at_day(clock, date(2026, 9, 24))
    found = {task.record_id: task for task in tasks(ctx, "festival")}
    assert {key: task.clause for key, task in found.items()} == {important: "CRM-15", ordinary: "CRM-16"}
    assert found[ordinary].title == "Mid-Autumn Festival: greet the customer"
    occasion = next(o for o in care.find_occasions(ctx, ordinary) if o.who == "festival")
    care.greet(ctx, ordinary, occasion.key, "message")
    assert [task.record_id for task in tasks(ctx, "festival")] == [important]


def test_festivals_follow_the_country() -> None:
    def named(today: date, country: str) -> str:
        found = next_festival(today, 2, country)
        return found[0].key if found else ""

    assert named(date(2026, 10, 9), "TW") == "national_tw" and not named(date(2026, 10, 9), "CN")
    assert named(date(2026, 9, 30), "CN") == "national_cn" and not named(date(2026, 9, 30), "TW")
    assert named(date(2026, 2, 16), "TW") == "spring"
    assert birthday_days(date(2026, 2, 27), 2)["0229"] == date(2026, 2, 28)


@pytest.mark.clause("CRM-07")
def test_an_illness_is_due_until_sympathy_was_offered_and_stays_closed(ctx: Context, staff: Staff) -> None:
    made = make(ctx)
    note = care.note_care(ctx.acting_as(staff.mei), CareForm(made, "illness", "住院，馬偕醫院"))
    task = tasks(ctx, "care_illness")[0]
    assert "住院" not in task.title and task.group == "today"
    others = care.find_care(ctx.acting_as(staff.fang), made)[0]
    assert others.closed and not others.text
    assert not care.find_care(ctx, made)[0].text  # the right alone opens nothing: the look is written down
    look(ctx, made)
    assert care.find_care(ctx, made)[0].text == "住院，馬偕醫院"
    story = records.find_timeline(ctx.acting_as(staff.fang), made)
    history = records.find_history(ctx.acting_as(staff.fang), "care", note)
    assert "住院" not in repr(story) and "住院" not in repr(history)
    with pytest.raises(ValidationError):
        care.settle(ctx, note, 1, " ")
    care.settle(ctx, note, 1, "電話慰問")
    assert not tasks(ctx, "care_illness")
    with pytest.raises(UserError):
        care.settle(ctx, note, 2, "again")


@pytest.mark.clause("ORD-08", "CRM-08")
def test_wanted_goods_that_arrive_are_told_to_everybody_who_wanted_them(ctx: Context) -> None:
    with ctx.transaction("Fill") as session:
        item = Item(code="R-900", name="翡翠戒", created_at=ctx.clock.now())
        session.add(item)
    first, second = make(ctx), make(ctx, name="乙")
    for customer in (first, second):
        care.note_care(ctx, CareForm(customer, "wanted", "翡翠戒 兩只", "R-900"))
    with pytest.raises(ValidationError):
        care.note_care(ctx, CareForm(first, "wanted", "x", "no such item"))
    assert not tasks(ctx, "wanted_here")
    assert care.mark_item_arrived(ctx, item.id) == 2
    assert care.mark_item_arrived(ctx, item.id) == 0
    assert len(tasks(ctx, "wanted_here")) == 2
    row = care.find_care(ctx, first)[0]
    assert row.item == "R-900" and row.arrived_at is not None
    care.settle(ctx, row.id, row.version, "星期五來取")
    assert [task.record_id for task in tasks(ctx, "wanted_here")] == [second]


@pytest.mark.clause("CRM-17", "CRM-18", "CRM-19")
def test_news_is_noted_with_whom_it_was_told_and_when(ctx: Context) -> None:
    made, silent = make(ctx), make(ctx, name="乙", may_contact="no")
    assert care.tell_customers(ctx, "新款手鐲到店 🎉", [made, silent, made], "message") == 1
    row = care.find_care(ctx, made)[0]
    assert (row.kind, row.text, row.result) == ("event", "新款手鐲到店 🎉", "message")
    assert row.done_at == ctx.clock.now()
    note = care.note_care(ctx, CareForm(made, "event", "聖誕晚會邀請", on=ctx.clock.today() + DAY))
    assert [task.title for task in tasks(ctx, "care_event")] == ["Tell the customer: 聖誕晚會邀請"]
    care.settle(ctx, note, 1, "會來")
    assert not tasks(ctx, "care_event")


@pytest.mark.clause("ORD-13", "CRM-01")
def test_a_closed_visit_is_written_up_and_handed_to_the_manager(ctx: Context, staff: Staff) -> None:
    made, now = make(ctx), ctx.clock.now()
    with ctx.transaction("Fill") as session:
        visit = Visit(
            number="V1", created_at=now, customer_id=made, visitor_name="陳", state="left", left_at=now,
            clerk_id=staff.mei.id,
        )  # fmt: skip
        session.add(visit)
    mei = ctx.acting_as(staff.mei)
    assert [t.record_id for t in tasks(mei, "follow_missing")] == [made] and not tasks(ctx, "follow_missing")
    with ctx.transaction("Fill") as session:
        for kind, action in (("call", "complete"), (Customer.KIND, "imported")):
            session.add(Event(at=now, kind=kind, record_id=made, customer_id=made, action=action, title=kind,
                              user_name="", station=""))  # fmt: skip
    said = find_last_said(mei, tasks(mei, "follow_missing")[0])
    assert [line.kind for line in said][:1] == ["call"], "what was said at any desk; an import says nothing"
    assert [v.visit_id for v in follows.find_visits_to_write(mei, made)] == [visit.id]
    with pytest.raises(ValidationError):
        follows.write_up(mei, FollowForm(made, "  ", visit_id=visit.id))
    with pytest.raises(UserError):
        follows.write_up(mei, FollowForm(make(ctx, name="乙"), "x", visit_id=visit.id))
    note = follows.write_up(mei, FollowForm(made, "喜歡翡翠", "銷量好", visit_id=visit.id))
    assert not tasks(mei, "follow_missing") and len(tasks(mei, "follow_hand")) == 1
    with pytest.raises(ValidationError):
        follows.hand_over(mei, note, 1, staff.fang.id or 0)
    manager = follows.find_managers(mei)[0]
    follows.hand_over(mei, note, 1, manager[0])
    assert not tasks(mei, "follow_hand")
    row = follows.find_follows(ctx, made)[0]
    assert (row.text, row.sales, row.handed_to) == ("喜歡翡翠", "銷量好", manager[1]) and row.handed_at is not None
    with pytest.raises(UserError):
        follows.hand_over(mei, note, 2, manager[0])


@pytest.mark.clause("CRM-06")
def test_a_shop_of_mine_not_contacted_this_week_is_a_duty(ctx: Context, clock: FixedClock, staff: Staff) -> None:
    made = make(ctx, owner_id=staff.mei.id)
    make(ctx, name="散客", kind="retail", grade="", owner_id=staff.mei.id)
    mei = ctx.acting_as(staff.mei)
    assert not tasks(mei, "weekly_contact")  # registered this week
    clock.advance(2 * DAY)  # Tuesday of the next
    found = tasks(mei, "weekly_contact")
    assert [task.record_id for task in found] == [made] and found[0].group == "week"
    assert ctx.clock.local(found[0].due_at).date() == date(2026, 11, 29)
    twice = replace(mei, policy=ctx.policy.with_overrides({("CRM-06", "contacts"): 2}))
    assert follows.term_of(twice) == (date(2026, 11, 23), date(2026, 11, 25))
    follows.write_up(mei, FollowForm(made, "", sales="手鐲賣得快", suggestion="要小尺寸"))
    assert not tasks(mei, "weekly_contact")


@pytest.mark.clause("CRM-30")
def test_a_deposit_is_taken_and_returned_with_name_and_day(ctx: Context, staff: Staff) -> None:
    made = make(ctx, opening_balance=Decimal("120"))
    for wrong in (DepositForm(made, Decimal(0), "櫃子"), DepositForm(made, Decimal(5), " ")):
        with pytest.raises(ValidationError):
            deposits.take_deposit(ctx, wrong)
    note = deposits.take_deposit(ctx, DepositForm(made, Decimal("3000.50"), "展示櫃"))
    deposits.return_deposit(ctx, note, 1)
    row = deposits.find_deposits(ctx, made)[0]
    assert (row.amount, row.returned_by, row.returned_at) == (Decimal("3000.50"), ctx.user.name, ctx.clock.now())
    with pytest.raises(UserError):
        deposits.return_deposit(ctx, note, 2)
    assert [p.amount for p in deposits.find_payments(ctx, made)] == [Decimal("120.00")]
    with pytest.raises(PermissionDenied):
        deposits.find_deposits(ctx.acting_as(staff.mei), made)
    assert Right.CUSTOMER_PRIVATE not in staff.mei.rights
    assert "3,000.50" in repr(records.find_timeline(ctx, made))
    assert "3,000.50" not in repr(records.find_timeline(ctx.acting_as(staff.mei), made))


@pytest.mark.clause("CRM-34")
def test_the_archive_is_gone_through_each_month(ctx: Context, clock: FixedClock) -> None:
    task = tasks(ctx, "archive_tidy")
    assert not task or task[0].group == "week"
    at_day(clock, date(2026, 11, 30))
    assert tasks(ctx, "archive_tidy")[0].group == "today"
    care.mark_tidied(ctx)
    assert not tasks(ctx, "archive_tidy")
    at_day(clock, date(2026, 12, 31))
    assert tasks(ctx, "archive_tidy")


@pytest.mark.clause("CRM-31")
def test_who_speaks_for_the_customer_stands_in_the_time_line(ctx: Context) -> None:
    made = make(ctx, contacts=(ContactEntry("林小姐"),))
    card = customers.get_customer(ctx, made)
    gone = replace(card.form.contacts[0], left_on=date(2026, 11, 1))
    form = replace(card.form, contacts=(gone, ContactEntry("王先生")))
    customers.update_customer(ctx, made, card.version, form)
    titles = {line.title for line in records.find_timeline(ctx, made)}
    assert {"Contact person left: 林小姐", "Contact person new: 王先生"} <= titles
    again = customers.get_customer(ctx, made)
    customers.update_customer(ctx, made, again.version, replace(again.form, note="x"))
    assert len(records.find_timeline(ctx, made)) == 3


def test_the_time_line_is_filtered_by_desk_day_and_words(ctx: Context, clock: FixedClock) -> None:
    made = make(ctx)
    care.note_care(ctx, CareForm(made, "wanted", "翡翠 Ring"))
    clock.advance(DAY)
    follows.write_up(ctx, FollowForm(made, "喜歡手鐲"))
    find = records.find_timeline
    assert [line.kind for line in find(ctx, made, TimelineFilter(kinds=("care",)))] == ["care"]
    assert [line.kind for line in find(ctx, made, TimelineFilter(since=clock.now()))] == ["follow"]
    assert "follow" not in {line.kind for line in find(ctx, made, TimelineFilter(until=clock.now()))}
    assert [line.kind for line in find(ctx, made, TimelineFilter(text="RING 翡翠"))] == ["care"]
    assert [line.kind for line in find(ctx, made, TimelineFilter(text="written"))] == ["follow"]
    with count_queries(ctx) as queries:
        find(ctx, made, TimelineFilter(text="nothing like it"))
    assert len(queries) <= 2
