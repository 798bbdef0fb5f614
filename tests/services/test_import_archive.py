"""An import that knows the archive: its fields as columns, updates with what would change, whom a row means."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from crmdesk.core.errors import UserError
from crmdesk.model.archive import CustomerValue
from crmdesk.model.customer import Customer
from crmdesk.rules.rights import RIGHTS_OF_ROLE, Right
from crmdesk.services import archive_settings, customers
from crmdesk.services.archive_looks import look
from crmdesk.services.archive_settings import FieldForm
from crmdesk.services.context import Context, User
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customer_merge import merge_customers
from crmdesk.services.imports import fields_for, guess_mapping, import_customers, read_table
from crmdesk.services.noted_callers import find_noted
from crmdesk.services.records import find_history

HOSTILE = "👩‍🔧𠮷\u202eשלום" + "長" * 2990


def write(path: Path, *rows: Iterable[object]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    return path


def values(ctx: Context, name: str) -> dict[str, str]:
    with ctx.reading() as session:
        query = select(CustomerValue.key, CustomerValue.value).join(Customer, Customer.id == CustomerValue.customer_id)
        return {row[0]: row[1] for row in session.execute(query.where(Customer.name == name))}


def card(ctx: Context, name: str) -> customers.CustomerCard:
    with ctx.reading() as session:
        number = session.scalars(select(Customer.id).where(Customer.name == name)).one()
    return customers.get_customer(ctx, number)


def test_fields_of_the_archive_and_own_ones_are_columns(ctx: Context, tmp_path: Path) -> None:
    archive_settings.add_field(ctx, FieldForm("寵物", "life", "choice", choices=("貓", "狗")))
    path = write(
        tmp_path / "a.csv",
        ["姓名", "電話", "籍貫", "Marital status", "寵物", "Minds who the other customers are", "職業", "備註"],
        ["陳美", "0912345678", "鹿港", "married", "貓", "是", "銀樓", HOSTILE],
        ["王大", "8.86E+11", "", "", "", "", "", ""],
        ["李四", "", "", "", "", "", "", ""],
    )  # fmt: skip
    spoiled = import_customers(ctx, path)
    assert not spoiled.written and [error.row for error in spoiled.errors] == [3]
    path.write_text(path.read_text("utf-8-sig").replace("8.86E+11", "886912345679"), "utf-8-sig")
    result = import_customers(ctx, path)
    assert result.written and result.created == 3
    kept = values(ctx, "陳美")
    own = next(key for key in kept if key not in ("native_place", "marital", "minds_others"))
    assert (kept["marital"], kept["minds_others"], kept[own]) == ("married", "yes", "貓")
    chen, li = card(ctx, "陳美"), card(ctx, "李四")
    assert chen.form.occupation == "銀樓" and values(ctx, "李四") == {}
    assert chen.form.note == HOSTILE.replace("\u202e", "")  # the sign that turns the line round is left out
    with ctx.reading() as session:
        full = {row[0]: row[1] for row in session.execute(select(Customer.name, Customer.filled))}
    assert full["陳美"] > full["李四"] > 0 and li.form.name == "李四"


def test_a_wrong_choice_is_named_by_its_column(ctx: Context, tmp_path: Path) -> None:
    rows = ["Name", "Marital status", "Origin"], ["Ada", "sometimes", "the moon"]
    result = import_customers(ctx, write(tmp_path / "a.csv", *rows))
    assert {error.column for error in result.errors} == {"Marital status", "Origin"} and not result.written


@pytest.mark.clause("CRM-32")
def test_who_may_not_see_protected_fields_fills_none_from_a_file(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RIGHTS_OF_ROLE, "clerk", frozenset({Right.CUSTOMER_IMPORT, Right.CUSTOMER_VIEW}))
    clerk = ctx.acting_as(User(1, "x", "x", ("clerk",)))
    names = {field.name for field in fields_for(clerk, "customers")}
    assert "archive.native_place" in names and "archive.health" not in names
    assert "archive.health" in {field.name for field in fields_for(ctx, "customers")}


@pytest.fixture
def known(ctx: Context) -> int:
    """A customer who is there already."""
    form = CustomerForm("陳美", company="銀樓", region="台中", phones=(PhoneEntry("0912345678"),),
                        archive={"native_place": "鹿港"})  # fmt: skip
    return customers.create_customer(ctx, form).id


@pytest.mark.parametrize(
    ("match", "heads", "cells"),
    [
        ("code", ("code", "name"), ("C00001", "陳美麗")), ("phone", ("name", "phone"), ("陳美麗", "+886 912 345 678")),
        ("name", ("name", "company"), ("陳美", "銀樓")), ("auto", ("name", "phone"), ("陳美", "0912-345-678")),
    ],
)  # fmt: skip
def test_an_update_says_what_would_change_and_changes_that_alone(
    ctx: Context, known: int, tmp_path: Path, match: str, heads: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    path = write(tmp_path / "u.csv", [*heads, "region", "native place", "health", "mobile"],
                 [*cells, "台北", "台南", "好", "0933000111"])  # fmt: skip
    tried = import_customers(ctx, path, dry_run=True, existing="update", match=match)
    assert (tried.updated, tried.created, tried.written, tried.errors) == (1, 0, False, ())
    told = {(change.field, change.old, change.new) for change in tried.differences}
    expected = {("Region", "台中", "台北"), ("Native place", "鹿港", "台南"), ("Health", "", "好"),
                ("Phone", "", "0933-000-111")}  # fmt: skip
    renamed = {("Name", "陳美", "陳美麗")} if "陳美麗" in cells else set()
    assert told == expected | renamed and tried.difference_count == len(told)
    assert customers.get_customer(ctx, known).form.region == "台中"
    done = import_customers(ctx, path, existing="update", match=match)
    assert done.written and done.updated == 1 and done.differences == ()
    after = customers.get_customer(ctx, known)
    assert after.form.region == "台北" and after.form.company == "銀樓"
    assert values(ctx, after.name) == {"native_place": "台南", "health": "好"}
    again = import_customers(ctx, path, dry_run=True, existing="update", match="auto" if match == "auto" else match)
    assert again.difference_count == 0 or match == "auto"
    refused = import_customers(ctx, path, existing="refuse", match=match)
    assert refused.error_count == 1 and not refused.written


def test_an_update_stands_in_the_history_as_a_save_does(ctx: Context, known: int, tmp_path: Path) -> None:
    head = ["name", "phone", "region", "native place", "since", "credit limit", "health", "mobile", "contact",
            "consent"]  # fmt: skip
    cells = ["陳美", "0912345678", "台北", "台南", "2020-01-02", "500", "好", "0933000111#12", "王先生", "no"]
    assert import_customers(ctx, write(tmp_path / "u.csv", head, cells), existing="update").written
    (line,) = [line for line in find_history(ctx, "customer", known) if "file" in line.changes]
    phones = {name.split(".")[1]: change for name, change in line.changes.items() if name.startswith("customer_phone#")}
    assert (line.by, phones) == (ctx.user.name, {"number": [None, "0933-000-111"], "extension": [None, "12"]})
    fields = {name: change for name, change in line.changes.items() if not name.startswith("customer_phone#")}
    assert [contact.name for contact in customers.get_customer(ctx, known).form.contacts] == ["王先生"]
    assert next(change for name, change in fields.items() if name.startswith("contact#")) == [None, "王先生"]
    look(ctx, known)  # health is protected: it stands there for who has opened the file
    assert fields | find_history(ctx, "customer", known)[0].changes == line.changes | {
        "file": [None, "u.csv"], "region": ["台中", "台北"], "archive.native_place": ["鹿港", "台南"],
        "since": [None, "2020-01-02"], "credit_limit": ["0.00", "500"], "archive.health": [None, "好"],
        "may_contact": ["", "no"], "consent_on": [None, ctx.clock.today().isoformat()],
    }  # fmt: skip


def test_a_word_empties_a_field_and_an_empty_cell_changes_nothing(ctx: Context, known: int, tmp_path: Path) -> None:
    before = customers.get_customer(ctx, known)
    noted = replace(before.form, note="先生 0988-760-115", likes="素面", credit_limit=Decimal(9), owner_id=ctx.user.id)
    customers.update_customer(ctx, known, before.version, noted)
    head = ["code", "name", "region", "native place", "note", "likes", "credit limit", "in charge", "company"]
    file = write(tmp_path / "e.csv", head,
                 ["C00001", "陳美", "（清空）", "(empty)", "[清空]", " (空)", "(Empty)", "(empty)", " - "])  # fmt: skip
    tried = import_customers(ctx, file, dry_run=True, existing="update")
    assert {(change.field, change.new) for change in tried.differences} == {
        (name, "(emptied)") for name in ("Region", "Native place", "Note", "Likes", "Credit limit", "In charge")
    }
    assert import_customers(ctx, file, existing="update").written
    after = customers.get_customer(ctx, known).form
    assert (after.region, after.note, after.likes, after.credit_limit, after.owner_id) == ("", "", "", 0, None)
    assert after.company == "銀樓" and values(ctx, "陳美") == {} and not find_noted(ctx, "0988760115")
    wrong = import_customers(ctx, write(tmp_path / "n.csv", ["code", "name"], ["C00001", "(empty)"]), existing="update")
    assert "on the card" in wrong.errors[0].message and not wrong.written
    fresh = import_customers(ctx, write(tmp_path / "f.csv", ["name", "region", "phone"], ["林", "-", "——"]))
    assert fresh.written and card(ctx, "林").form.region == ""


@pytest.mark.parametrize(
    ("match", "heads", "cells"),
    [
        ("code", ("code", "name"), ("C00002", "陳二")), ("auto", ("name", "phone"), ("陳二", "0988000222")),
        ("phone", ("code", "phone", "name"), ("C00002", "0988000333", "陳二")),
        ("name", ("name", "company"), ("陳二", "二號店")),
    ],
)  # fmt: skip
def test_a_row_of_a_merged_card_reaches_the_card_that_holds_it(
    ctx: Context, known: int, tmp_path: Path, match: str, heads: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    both = PhoneEntry("0988000333")
    twin = CustomerForm("陳二", company="二號店", phones=(PhoneEntry("0988000222"), both))
    gone = customers.create_customer(ctx, twin).id
    before = customers.get_customer(ctx, known)
    customers.update_customer(
        ctx, known, before.version, replace(before.form, phones=(*before.form.phones, both)), confirmed={"same_phone"}
    )
    merge_customers(ctx, known, gone)  # the number of both stays with the card that is gone, and leaves the survivor's
    card = customers.get_customer(ctx, known)
    less = tuple(phone for phone in card.form.phones if phone.number != "0988-000-333")
    customers.update_customer(ctx, known, card.version, replace(card.form, phones=less))
    file = write(tmp_path / "m.csv", [*heads, "region"], [*cells, "高雄"])
    result = import_customers(ctx, file, existing="update", match=match)
    assert (result.errors, result.updated, result.created) == ((), 1, 0)
    after = customers.get_customer(ctx, known).form
    assert (after.name, after.company, after.region) == ("陳美", "銀樓", "高雄")  # the old name does not come back
    if match == "auto":  # an old file has a row of each of the two: nobody is made anew of the second
        old = write(tmp_path / "b.csv", heads, ("陳美", "0912345678"), cells)
        twice = import_customers(ctx, old, existing="update", match=match)
        assert "Row 2 means the same customer: 陳美" in twice.errors[0].message and not twice.written


def test_a_row_that_may_be_several_or_is_meant_twice_is_an_error(ctx: Context, known: int, tmp_path: Path) -> None:
    customers.create_customer(ctx, CustomerForm("陳家", phones=(PhoneEntry("0912345678"),)), confirmed=("same_phone",))
    both = import_customers(
        ctx, write(tmp_path / "p.csv", ["name", "phone"], ["x", "0912345678"]), existing="update", match="phone"
    )
    assert "several" in both.errors[0].message and not both.written
    rows = ["name", "company", "region"], ["陳美", "銀樓", "a"], ["陳美", "銀樓", "b"]
    twice = import_customers(ctx, write(tmp_path / "n.csv", *rows), existing="update", match="name")
    assert [error.row for error in twice.errors] == [3] and not twice.written
    code = import_customers(
        ctx, write(tmp_path / "c.csv", ["code", "name", "company"], ["C00009", "陳美", "銀樓"]), existing="update",
        match="name",
    )  # fmt: skip
    assert "C00001" in code.errors[0].message
    with pytest.raises(UserError):
        import_customers(ctx, tmp_path / "n.csv", match="by heart")


def test_headings_of_three_languages_find_their_fields(ctx: Context, tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "h.csv", ["姓名", "籍貫", "教育程度", "籍贯"], ["a", "b", "c", "d"]))
    found = guess_mapping(table.header, fields_for(ctx, "customers"))
    assert found["name"] == 0 and found["archive.native_place"] == 1
