"""The archive of a customer: its fields, what is kept closed, how full it is, and who brought whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import NeedsConfirmation, PermissionDenied, UserError, ValidationError
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.rules.archive import CARD_FIELDS, FIELDS, SECTIONS
from crmdesk.rules.rights import Right
from crmdesk.services import (
    approvals,
    archive,
    archive_fields,
    archive_looks,
    archive_settings,
    customers,
    imports,
    records,
    referrals,
)
from crmdesk.services.archive_settings import FieldForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import ContactEntry, CustomerForm, RelativeEntry
from crmdesk.services.tables import DataTable, TableRow
from tests.helpers.office import Staff

CHEN = CustomerForm("陳李美鳳", "wholesale", "A", company="陳家銀樓")
FULL = replace(
    CHEN,
    archive={"health": "高血壓", "dishes": "川菜", "marital": "married", "minds_others": "no", "family_state": "和睦"},
    relatives=(RelativeEntry("女兒", "陳小雲", "農曆閏六月初九", "0912345678", "cake"),),
)


def make(ctx: Context, form: CustomerForm = CHEN) -> int:
    return customers.create_customer(ctx, form).id


def save(ctx: Context, customer_id: int, **changes: Any) -> int:
    card = customers.get_customer(ctx, customer_id)
    return customers.update_customer(ctx, customer_id, card.version, replace(card.form, **changes))


def filled_of(ctx: Context, customer_id: int) -> int:
    with ctx.reading() as session:
        return session.scalar(select(Customer.filled).where(Customer.id == customer_id)) or 0


@pytest.mark.clause("CRM-22", "CRM-23", "CRM-24", "CRM-25", "CRM-26", "CRM-27", "CRM-28")
def test_the_template_has_its_42_fields_in_six_sections() -> None:
    counts = {section: sum(field.section == section for field in FIELDS) for section in SECTIONS}
    assert counts == {"basic": 8, "family": 8, "life": 9, "home": 7, "social": 6, "values": 4}
    assert len({field.key for field in FIELDS}) == 42
    assert all(field.protected for field in FIELDS if field.section == "family" or field.key == "health")
    assert {field.source for field in FIELDS if field.source} <= set(CARD_FIELDS)
    assert {"name", "owner_id"} <= set(CARD_FIELDS)  # the head: customer and salesperson


def test_every_kind_of_value_is_kept_in_one_form(ctx: Context) -> None:
    archive_settings.add_field(ctx, FieldForm("開店日", "basic", "date"))
    keys = {field.name: field.key for field in archive_fields.find_fields(ctx)}
    made = make(ctx)
    save(ctx, made, archive={
        "office_phone": "０２ ２５５８ ６１０５", keys["開店日"]: "2020/3/8", "sociability": "much",
        "career_aims": "一\n二",
    })  # fmt: skip
    values = archive.get_archive(ctx, made).values
    assert values == {"office_phone": "02-2558-6105", keys["開店日"]: "2020-03-08", "sociability": "much",
                      "career_aims": "一\n二"}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "text"),
    [("office_phone", "12x"), ("marital", "maybe"), ("minds_others", "perhaps"), ("car", "x" * 201), ("nothing", "x")],
)
def test_a_wrong_value_is_said_under_its_field_and_nothing_is_kept(ctx: Context, key: str, text: str) -> None:
    made = make(ctx)
    with pytest.raises(ValidationError) as caught:
        save(ctx, made, region="彰化", archive={key: text})
    assert list(caught.value.fields) == [f"archive.{key}"]
    assert customers.get_customer(ctx, made).region == ""


@pytest.mark.clause("CRM-20", "CRM-21")
def test_how_full_the_archive_is_follows_each_entry_and_the_fields_that_are_shown(ctx: Context) -> None:
    made = make(ctx)
    first = archive.get_archive(ctx, made)
    assert (first.filled, first.total) == (3, 15 + 39)
    assert "archive.car" in first.missing
    assert "name" not in first.missing
    assert filled_of(ctx, made) == first.percent == 5
    save(ctx, made, region="台中", archive={"car": "Volvo"}, contacts=(ContactEntry("李"),))
    assert filled_of(ctx, made) == archive.get_archive(ctx, made).percent == 11
    for field in FIELDS:
        if field.section == "home":
            archive_settings.show_field(ctx, field.key, False)
    shown = archive.get_archive(ctx, made)
    assert (shown.filled, shown.total) == (6, 54 - 7)
    assert filled_of(ctx, made) == shown.percent == 12


@pytest.mark.clause("CRM-20")
def test_the_manager_adds_renames_moves_and_hides_fields(ctx: Context) -> None:
    key = archive_settings.add_field(ctx, FieldForm("招牌顏色", "social", "choice", ("紅", "金", "紅 ")))
    names = [field.name for field in archive_fields.find_fields(ctx) if field.section == "social"]
    assert names[-1] == "招牌顏色"
    archive_settings.move_field(ctx, key, -1)
    archive_settings.change_field(ctx, "car", FieldForm("車款", "social"))
    archive_settings.show_field(ctx, "dress", False)
    social = [field for field in archive_fields.find_fields(ctx) if field.section == "social"]
    names = [field.name for field in social]
    assert names == ["Position", "車款", "Car number", "Main source of information", "招牌顏色", "Admires most"]
    assert social[-2].choices == (("紅", "紅"), ("金", "金"))
    archive_settings.change_field(ctx, "car", FieldForm("", "social"))
    assert archive_fields.find_fields(ctx)[[f.key for f in archive_fields.find_fields(ctx)].index("car")].name == (
        "Make of car"
    )
    for wrong in (FieldForm("", "social"), FieldForm("position", "social"), FieldForm("x", "nowhere"),
                  FieldForm("x", "social", "choice", ("one",)), FieldForm("x" * 61, "social")):  # fmt: skip
        with pytest.raises(ValidationError):
            archive_settings.add_field(ctx, wrong)
    with pytest.raises(UserError):
        archive_settings.remove_field(ctx, "car")


@pytest.mark.clause("CRM-20")
def test_a_field_in_use_is_asked_about_and_its_values_come_back_with_it(ctx: Context) -> None:
    form = FieldForm("招牌顏色", "social")
    key = archive_settings.add_field(ctx, form)
    made = make(ctx, replace(CHEN, archive={key: "金"}))
    with pytest.raises(NeedsConfirmation) as asked:
        archive_settings.remove_field(ctx, key)
    assert "1 customer has" in asked.value.message
    archive_settings.remove_field(ctx, key, confirmed={asked.value.key})
    assert key not in archive.get_archive(ctx, made).values
    # Who was typing then is told, whoever left the value alone or emptied it loses nothing.
    with pytest.raises(ValidationError) as caught:
        save(ctx, made, archive={key: "紅"})
    assert "招牌顏色" in caught.value.fields[f"archive.{key}"]
    save(ctx, made, region="台中", archive={key: "金"})
    save(ctx, made, archive={key: ""})
    assert archive_settings.add_field(ctx, form) == key
    assert archive.get_archive(ctx, made).values[key] == "金"
    unused = archive_settings.add_field(ctx, FieldForm("空欄", "social"))
    archive_settings.remove_field(ctx, unused)
    assert unused not in [field.key for field in archive_fields.find_fields(ctx, hidden=True)]


@pytest.mark.clause("CRM-32", "CRM-40", "SEC-17")
def test_protected_fields_are_opened_by_who_may_and_each_look_is_in_the_log_once_a_day(
    ctx: Context, staff: Staff, clock: FixedClock
) -> None:
    made = make(ctx, FULL)
    closed = archive.get_archive(ctx, made)
    assert (closed.opened, closed.may_open, closed.closed, closed.relatives) == (False, True, 4, None)
    assert set(closed.values) == {"dishes", "minds_others"}
    contact = customers.get_customer(ctx, made).last_contact_at
    clock.moment += timedelta(minutes=5)
    archive_looks.look(ctx, made)
    archive_looks.look(ctx, made)
    opened = archive.get_archive(ctx, made)
    assert opened.values["health"] == "高血壓"
    assert opened.relatives is not None
    assert opened.relatives[0].birthday == "lunar 闰06-09"
    assert [look.by for look in archive_looks.find_looks(ctx, made)] == [ctx.user.name]
    clock.moment += timedelta(days=1)
    assert not archive.get_archive(ctx, made).opened
    archive_looks.look(ctx, made)
    assert len(archive_looks.find_looks(ctx, made)) == 2
    assert customers.get_customer(ctx, made).last_contact_at == contact  # to look is no contact
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        archive_looks.look(mei, made)
    with pytest.raises(PermissionDenied):
        archive_looks.find_looks(mei, made)
    mine = archive.get_archive(mei, made)
    assert (mine.may_open, mine.closed, set(mine.values)) == (False, 4, {"dishes", "minds_others"})
    for change in ({"archive": {"health": ""}}, {"relatives": ()}):
        with pytest.raises(PermissionDenied):
            save(mei, made, **change)
    save(mei, made, archive={"dishes": "粵菜"})
    archive_looks.look(ctx, made)
    assert archive.get_archive(ctx, made).values["health"] == "高血壓"


@pytest.mark.clause("CRM-40")
def test_history_and_time_line_hold_nothing_closed(ctx: Context, staff: Staff) -> None:
    made = make(ctx, FULL)
    save(ctx, made, archive={"health": "糖尿病", "dishes": "粵菜"})
    mei = ctx.acting_as(staff.mei)
    for who in (mei, ctx):  # who may look has not opened them yet
        told = repr(records.find_history(who, "customer", made)) + repr(records.find_timeline(who, made))
        assert "粵菜" in told
        for secret in ("糖尿病", "高血壓", "陳小雲", "和睦", "married"):
            assert secret not in told
    archive_looks.look(ctx, made)
    assert records.find_history(ctx, "customer", made)[0].changes["archive.health"] == ["高血壓", "糖尿病"]
    assert "糖尿病" not in repr(records.find_history(mei, "customer", made))


@pytest.mark.clause("CRM-32", "SEC-17")
def test_who_lacks_the_right_asks_and_looks_that_day_only(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    made = make(ctx, FULL)
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(ValidationError):
        archive_looks.ask_consult(mei, made, " ")
    asked = archive_looks.ask_consult(mei, made, "住院探望")
    with pytest.raises(UserError):
        archive_looks.ask_consult(mei, made, "again")
    assert archive.get_archive(mei, made).consult == "waiting"
    with pytest.raises(PermissionDenied):
        archive_looks.look(mei, made)
    approvals.decide(ctx, asked, None, agree=True)
    assert archive.get_archive(mei, made).may_open
    archive_looks.look(mei, made)
    assert archive.get_archive(mei, made).values["health"] == "高血壓"
    assert not archive.get_archive(ctx.acting_as(staff.wen), made).may_open
    with pytest.raises(PermissionDenied):
        save(mei, made, archive={"health": "x"})
    with ctx.reading() as session:
        assert session.scalars(select(Event.user_name).where(Event.action == "looked")).all() == [mei.user.name]
    clock.moment += timedelta(days=1)
    later = archive.get_archive(mei, made)
    assert (later.may_open, later.opened, "health" in later.values) == (False, False, False)
    again = archive_looks.ask_consult(mei, made, "再看一次")
    approvals.decide(ctx, again, None, agree=False, reason="不必")
    assert archive.get_archive(mei, made).consult == "refused"


@pytest.mark.clause("CRM-01")
def test_contact_persons_and_family_are_kept_with_all_their_fields(ctx: Context) -> None:
    person = ContactEntry("李小姐", "會計", "0422225679", "8/15", "", "f", "登山", "A", True, date(2026, 11, 1))
    made = make(ctx, replace(FULL, contacts=(person,)))
    card = customers.get_customer(ctx, made)
    kept = card.form.contacts[0]
    assert replace(kept, id=None) == replace(person, phone="04-2222-5679", birthday="08-15")
    save(ctx, made, contacts=(replace(kept, hobbies="書法", left_on=None),))
    assert customers.get_customer(ctx, made).form.contacts[0].hobbies == "書法"
    archive_looks.look(ctx, made)
    family = archive.get_archive(ctx, made).relatives or ()
    save(ctx, made, relatives=(*family, RelativeEntry("父", birthday="民國40年5月6日")))
    family = archive.get_archive(ctx, made).relatives or ()
    assert [(r.relation, r.birthday) for r in family] == [("女兒", "lunar 闰06-09"), ("父", "1951-05-06")]
    for wrong in (RelativeEntry("", "x"), RelativeEntry("子", birthday="someday"), RelativeEntry("子", greeting="car")):
        with pytest.raises(ValidationError) as caught:
            save(ctx, made, relatives=(wrong,))
        assert list(caught.value.fields) == ["relatives.0"]
    with pytest.raises(ValidationError):
        save(ctx, made, birthday="農曆1990年閏四月初一")


def test_a_birthday_an_older_program_kept_in_words_does_not_stop_the_card_from_being_saved(ctx: Context) -> None:
    made = make(ctx)
    with ctx.transaction("test") as session:
        session.get_one(Customer, made).birthday = "中秋前後"
    save(ctx, made, region="台中")
    assert customers.get_customer(ctx, made).form.birthday == "中秋前後"


def test_consent_says_who_and_when(ctx: Context, staff: Staff) -> None:
    made = make(ctx)
    save(ctx.acting_as(staff.mei), made, may_contact="phone")
    card = customers.get_customer(ctx, made)
    assert card.form.consent_on == ctx.clock.today()
    line = records.find_timeline(ctx, made)[0]
    assert (line.title, line.by) == ("May we contact: By phone only", staff.mei.name)
    save(ctx, made, may_contact="", consent_on=card.form.consent_on)
    assert customers.get_customer(ctx, made).form.consent_on is None


@pytest.mark.clause("REFER-01", "REFER-02", "REFER-03", "REFER-05")
def test_who_brought_whom_is_a_tree_without_circles(ctx: Context) -> None:
    chen = make(ctx, replace(CHEN, core=True))
    wang = make(ctx, CustomerForm("王", referrer_id=chen, referral_way="chain"))
    lin = make(ctx, CustomerForm("林", referrer_id=wang, referral_way="observed", referral_note="鄰桌談話"))
    make(ctx, CustomerForm("李", referrer_id=chen, referral_way="event"))
    tree = [(branch.depth, branch.name, branch.here) for branch in referrals.find_referrals(ctx, wang)]
    assert tree == [(0, "陳李美鳳", False), (1, "王", True), (2, "林", False)]
    assert [branch.name for branch in referrals.find_referrals(ctx, chen)] == ["陳李美鳳", "王", "林", "李"]
    assert referrals.find_referrals(ctx, chen)[-1].way == "event"  # at a party of ours
    assert archive.get_archive(ctx, lin).referrer == "王 (C00002)"
    for wrong in (lin, chen, 99):
        with pytest.raises(ValidationError) as caught:
            save(ctx, chen, referrer_id=wrong)
        assert list(caught.value.fields) == ["referrer_id"]


@pytest.mark.clause("REFER-04")
def test_customers_of_one_trade_are_found_and_made_acquainted(ctx: Context) -> None:
    chen, wang = make(ctx, replace(CHEN, occupation="銀樓")), make(ctx, CustomerForm("王", occupation="銀樓"))
    make(ctx, CustomerForm("林", occupation="茶行"))
    assert [match.id for match in referrals.find_same_trade(ctx, chen)] == [wang]
    referrals.introduce(ctx, chen, wang)
    assert records.find_timeline(ctx, wang)[0].title == "Made acquainted with 陳李美鳳 (C00001)"
    with pytest.raises(UserError):
        referrals.introduce(ctx, chen, chen)


def test_the_money_of_a_card_stays_when_the_archive_is_saved(ctx: Context) -> None:
    made = make(ctx, replace(FULL, credit_limit=Decimal(500)))
    save(ctx, made, archive=None, relatives=None, region="台中")
    archive_looks.look(ctx, made)
    kept = archive.get_archive(ctx, made)
    assert len(kept.values) == 5
    assert len(kept.relatives or ()) == 1


def test_who_comes_by_a_list_is_reckoned_as_who_was_typed(ctx: Context) -> None:
    heads = ("姓名", "電話", "地區", "聯絡人")
    rows = (TableRow(2, ["陳", "0912345678", "台中", "李"]), TableRow(3, ["王", "", "", ""]))
    table = DataTable("x.csv", heads, rows)
    imports.import_customers(ctx, table)
    before = [filled_of(ctx, customer_id) for customer_id in (1, 2)]
    with ctx.transaction("test") as session:
        archive.recount(session)
    assert before == [filled_of(ctx, customer_id) for customer_id in (1, 2)] == [9, 3]


@pytest.mark.clause("SEC-08")
def test_the_three_levels_of_rights_are_enforced(ctx: Context, staff: Staff) -> None:
    everything, no_lists, entry = ctx, ctx.acting_as(staff.mei), ctx.acting_as(staff.wen)
    made = make(everything, FULL)
    for who in (everything, no_lists, entry):
        assert customers.get_customer(who, made).name == "陳李美鳳"
    assert everything.may(Right.CUSTOMER_EXPORT)
    assert everything.may(Right.CUSTOMER_IMPORT)
    save(no_lists, made, region="台中")
    for who in (no_lists, entry):
        assert not who.may(Right.CUSTOMER_EXPORT)
        with pytest.raises(PermissionDenied):
            imports.import_customers(who, DataTable("x.csv", ("姓名",), (TableRow(2, ["李"]),)))
    with pytest.raises(PermissionDenied):
        save(entry, made, region="彰化")
