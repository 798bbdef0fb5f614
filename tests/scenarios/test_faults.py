"""What goes wrong in a real office: hostile text in every field, people without the right, a full disk, a dead server.

Whatever happens, a person gets one sentence, what was typed is still there, and the data is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer
from crmdesk.model.visit import Visit
from crmdesk.services import (
    call_lists,
    calls,
    complaint_lists,
    complaints,
    customer_search,
    customers,
    drafts,
    items,
    office,
    policies,
    repairs,
    sales,
    search,
    staff,
    visits,
)
from crmdesk.services.calls import CallForm
from crmdesk.services.complaint_forms import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.items import ItemForm
from crmdesk.services.repairs import RepairForm
from crmdesk.services.sale_lists import SaleForm, SaleLineForm
from crmdesk.services.staff import StaffForm
from crmdesk.services.visits import VisitForm

HOSTILE = {
    "emoji": "👩‍👩‍👧‍👦🧿",
    "right-to-left": "\u202eevil\u202c עברית",
    "nul": "a\x00b",
    "half a character": "x\ud83dy",
    "long": "銀" * 3000,
    "blanks": " \u3000\t ",
    "html": "<b>html</b><img src=x onerror=alert(1)>",
    "wildcards": "%_\\%'; DROP TABLE customer; --",
    "lines": "one\r\ntwo\u2028three",
    "braces": "{matter} {0} %s %(name)s",
    "rare": "𠮷尉遲單\U0010fffd",
}


def customer(ctx: Context, name: str = "陳李美鳳", **more: Any) -> int:
    return customers.create_customer(ctx, CustomerForm(name, **more), confirmed={"same_phone"}).id


def everything(words: str, form: Any, *names: str) -> Any:
    """The form with these words in every text field (or the named ones)."""
    texts = (f.name for f in fields(form) if f.name != "token" and isinstance(getattr(form, f.name), str))
    wanted = names or tuple(texts)
    return replace(form, **dict.fromkeys(wanted, words))


def complaint_form(ctx: Context, **more: Any) -> ComplaintForm:
    return replace(ComplaintForm("王", "斷鍊", next_reply_at=ctx.clock.now() + timedelta(hours=4)), **more)


def save_call(ctx: Context, words: str) -> None:
    names = ("phone", "name", "region", "address", "matter", "reason", "transferred_to", "passed_on")
    saved = calls.save_call(ctx, everything(words, CallForm(customer_id=customer(ctx)), *names))
    calls.attach_customer(ctx, saved.id, customer(ctx))
    calls.mark_handled(ctx, _transferred(ctx, words), version=None, note=words)


def _transferred(ctx: Context, words: str) -> int:
    form = CallForm(name=words, matter=words, transferred_to="李阿明", passed_on=words)
    return calls.transfer_call(ctx, form).id


def save_customer(ctx: Context, words: str) -> None:
    form = CustomerForm("x", phones=(PhoneEntry("0912345678", label=words[:20]),))
    names = ("name", "company", "region", "address", "likes", "avoid", "birthday", "note")
    form = replace(everything(words, form, *names), contacts=(ContactEntry(words, words, "", words, words),))
    made = customers.create_customer(ctx, form)
    card = customers.get_customer(ctx, made.id)
    customers.update_customer(ctx, made.id, card.version, replace(card.form, likes="x"))


def save_phone(ctx: Context, words: str) -> None:
    customers.create_customer(ctx, CustomerForm("x", phones=(PhoneEntry(words, extension=words),)))


def save_visit(ctx: Context, words: str) -> None:
    visit = visits.check_in(ctx, VisitForm(words, customer_id=customer(ctx), purpose=words, note=words))
    visits.update_visit(ctx, visit, 1, purpose=words)
    visits.act(ctx, visit, visits.get_visit(ctx, visit).version, "leave", reason=words)


def save_new_guest(ctx: Context, words: str) -> None:
    visits.check_in(ctx, VisitForm(words, new_customer=CustomerForm(words, region=words)))


def save_repair(ctx: Context, words: str) -> None:
    names = ("item_code", "item_name", "part", "material", "stones", "condition", "instruction", "purchase_number",
             "internal_note")  # fmt: skip
    form = RepairForm(customer(ctx), not_thai_silver=True, told=frozenset({"duration", "may_differ"}), route="own")
    made = repairs.take_in(ctx, everything(words, form, *names))
    repairs.add_note(ctx, made.id, words)
    repairs.act(ctx, made.id, 1, "cancel", repairs.StepForm(reason=words, note=words, carrier=words, waybill=words))


def save_complaint(ctx: Context, words: str) -> None:
    names = ("complainant", "title", "phone", "story", "wish", "item_code", "sale_number")
    made = complaints.register_complaint(ctx, everything(words, complaint_form(ctx), *names))
    complaints.add_note(ctx, made.id, words)
    values = {"department": words, "handler": ctx.user.id, "note": words}
    complaints.act(ctx, made.id, None, "assign", values)


def next_reply(ctx: Context, words: str) -> None:
    made = complaints.register_complaint(ctx, complaint_form(ctx))
    complaints.set_next_reply(ctx, made.id, None, ctx.clock.now() + timedelta(days=1), note=words)


def save_item(ctx: Context, words: str) -> None:
    items.create_item(ctx, everything(words, ItemForm("", "")))


def save_sale(ctx: Context, words: str) -> None:
    items.create_item(ctx, ItemForm("R-1", "戒", price_retail=Decimal(100)))
    names = ("delivery", "ship_to", "ship_phone", "remark", "internal_remark")
    line = SaleLineForm("R-1", 1, remark=words, name=words)
    form = everything(words, SaleForm(customer(ctx, address="台中"), (line,)), *names)
    saved = sales.save_draft(ctx, form)
    sales.print_sale(ctx, saved.id, saved.version, consent=True)
    sales.void_sale(ctx, saved.id, saved.version + 1, reason=words)


def sale_code(ctx: Context, words: str) -> None:
    sales.save_draft(ctx, SaleForm(customer(ctx), (SaleLineForm(words),)))


def save_staff(ctx: Context, words: str) -> None:
    staff.create_staff(ctx, StaffForm(words, words, ("sales",), "silver-925"), quick_hash=True)


def save_office(ctx: Context, words: str) -> None:
    changed = replace(ctx.office, company=words, subtitle=words, address=words, phone=words, carriers=(words,))
    office.save_office(ctx, changed)
    assert office.load_office(ctx.db).hours == ("09:00-18:00",) * 7


def save_number(ctx: Context, words: str) -> None:
    policies.set_number(ctx, "CALL-01", "answer_rings", "2", why=words)


def bad_number(ctx: Context, words: str) -> None:
    policies.set_number(ctx, "CALL-01", "answer_rings", words)


def keep_draft(ctx: Context, words: str) -> None:
    drafts.save_draft(ctx, "call", "1", {"form": {"name": words, "ticks": [words]}})
    assert drafts.find_drafts(ctx, "call")[0].payload["form"]["ticks"]


def sign_in(ctx: Context, words: str) -> None:
    staff.sign_in(ctx, words, words)


def call_steps(ctx: Context, words: str) -> None:
    form = CallForm(name="王", matter="x", callback_at=ctx.clock.now() + timedelta(hours=1))
    calls.mark_called_back(ctx, calls.save_call(ctx, form).id, result=words)


WRITERS: tuple[Callable[[Context, str], None], ...] = (
    save_call, call_steps, save_customer, save_phone, save_visit, save_new_guest, save_repair, save_complaint,
    next_reply, save_item, save_sale, sale_code, save_staff, save_office, save_number, bad_number, keep_draft, sign_in,
)  # fmt: skip


def sentence_of(name: str, work: Callable[[Context, str], object], ctx: Context, words: str) -> str | None:
    """Return what a person is told, None when it was taken; anything but a sentence fails."""
    try:
        work(ctx, words)
    except CrmError as error:
        return error.message
    except Exception as error:  # a driver error is a bug: it fails the test
        raise AssertionError(f"{name}: {type(error).__name__} {error}") from error
    return None


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_hostile_text_is_kept_or_refused_with_a_sentence(ctx: Context, write: Callable[[Context, str], None]) -> None:
    for name, words in HOSTILE.items():
        said = sentence_of(name, write, ctx, words)
        assert said is None or (said.strip() and "sql" not in said.lower()), name
    with ctx.reading() as session:
        for (stored,) in session.execute(select(Customer.name)):
            assert "\x00" not in stored and "\u202e" not in stored


FINDERS: tuple[Callable[[Context, str], object], ...] = (
    customer_search.find_customers, customer_search.find_people, items.find_items, items.find_item_by_code,
    repairs.find_repairs, search.find_anything, search.open_code, call_lists.find_callers, calls.find_calls,
    complaint_lists.find_complaints, sales.find_sales,
)  # fmt: skip


@pytest.mark.parametrize("find", FINDERS, ids=lambda find: find.__name__)
def test_hostile_text_can_be_searched_for(ctx: Context, find: Callable[[Context, str], object]) -> None:
    for name, words in {**HOSTILE, "long digits": "9" * 500, "full width": "０９１２", "dash": "-"}.items():
        said = sentence_of(name, find, ctx, words)
        assert said is None or said.strip(), name


@pytest.mark.parametrize(
    ("typed", "stored"), [("０９１２－３４５－６７８", "0912-345-678"), ("（０４）２２２２５６７８", "04-2222-5678")]
)
def test_full_width_digits_are_a_number_like_any_other(ctx: Context, typed: str, stored: str) -> None:
    made = customers.create_customer(ctx, CustomerForm("王", phones=(PhoneEntry(typed),)))
    assert customers.get_customer(ctx, made.id).phone == stored
    assert [row.id for row in customer_search.find_people(ctx, "５６７８" if "5678" in stored else "５６７８"[1:])] == [
        made.id
    ]
    saved = calls.save_call(ctx, CallForm(phone=typed, name="王"))
    assert calls.get_call(ctx, saved.id).form.phone == stored


@pytest.mark.parametrize("typed", ["8.86E+11", "0912-ABC-678", "12", "٠٩١٢٣٤٥٦٧٨", "0" * 60])
def test_what_is_no_number_is_said_by_the_field(ctx: Context, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        customers.create_customer(ctx, CustomerForm("王", phones=(PhoneEntry(typed),)))
    assert list(refused.value.fields) == ["phones.0"]


def too_long(ctx: Context, form: Any, name: str, save: Callable[[Any], object]) -> None:
    with pytest.raises(ValidationError) as refused:
        save(replace(form, **{name: "銀" * 5000}))
    assert name in refused.value.fields, refused.value.fields
    assert "at most" in refused.value.fields[name].lower()


def test_a_text_longer_than_its_column_is_refused_by_its_field(ctx: Context) -> None:
    who = customer(ctx)
    items.create_item(ctx, ItemForm("R-1", "戒"))
    for name in ("name", "region", "address", "matter", "reason", "transferred_to", "passed_on"):
        too_long(ctx, CallForm(name="王"), name, lambda form: calls.save_call(ctx, form))
    for name in ("name", "company", "region", "address", "likes", "avoid", "birthday", "note"):
        too_long(ctx, CustomerForm("王"), name, lambda form: customers.create_customer(ctx, form))
    for name in ("visitor_name", "purpose", "note"):
        too_long(ctx, VisitForm("王", who), name, lambda form: visits.check_in(ctx, form))
    for name in ("code", "name", "barcode", "area", "unit", "material"):
        too_long(ctx, ItemForm("R-2", "戒"), name, lambda form: items.create_item(ctx, form))
    for name in ("item_code", "item_name", "part", "material", "stones", "condition", "instruction", "internal_note"):
        form = RepairForm(who, item_code="R-1", part="x", not_thai_silver=True)
        too_long(ctx, form, name, lambda form: repairs.take_in(ctx, form))
    for name in ("complainant", "title", "phone", "story", "wish", "item_code", "sale_number"):
        too_long(ctx, complaint_form(ctx), name, lambda form: complaints.register_complaint(ctx, form))
    for name in ("delivery", "ship_to", "ship_phone", "remark", "internal_remark"):
        too_long(ctx, SaleForm(who, (SaleLineForm("R-1"),)), name, lambda form: sales.save_draft(ctx, form))
    with ctx.reading() as session:
        for model in (Call, Visit):
            assert session.scalar(select(func.count()).select_from(model)) == 0
