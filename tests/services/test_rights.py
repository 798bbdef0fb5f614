"""Who may not: every service of the house is asked by strangers and by colleagues of other desks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crmdesk import services
from crmdesk.core.codes import PaperCode
from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.core.rings import Ring
from crmdesk.model.base import Base
from crmdesk.model.history import HistoryEntry
from crmdesk.rules.rights import RIGHTS_OF_ROLE, RIGHTS_TO_SEE
from crmdesk.services import (
    approvals,
    archive_settings,
    attachments,
    calls,
    care,
    cash,
    checklist_templates,
    closing,
    complaints,
    compliance,
    controlled,
    customer_bulk,
    customer_lists,
    customer_search,
    customers,
    deadlines,
    deposits,
    exports,
    follows,
    imports,
    items,
    knowledge,
    letters,
    missed_calls,
    month,
    noted_callers,
    office,
    packing,
    papers,
    phone_duty,
    policies,
    records,
    repairs,
    ringing,
    sale_lists,
    sales,
    staff,
    stand_ins,
    today,
    today_steps,
    undo,
    views,
    visits,
    working_time,
)
from crmdesk.services.archive_settings import FieldForm
from crmdesk.services.attachments import NewFile
from crmdesk.services.calls import CallForm
from crmdesk.services.care import CareForm
from crmdesk.services.checklist_forms import TemplateForm
from crmdesk.services.complaint_forms import ComplaintForm
from crmdesk.services.compliance_measures import measures_of
from crmdesk.services.context import NOBODY, Context, User
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.deposits import DepositForm
from crmdesk.services.follows import FollowForm
from crmdesk.services.items import ItemForm
from crmdesk.services.letters import LetterForm
from crmdesk.services.repairs import RepairForm
from crmdesk.services.sale_lists import SaleForm
from crmdesk.services.staff import StaffForm
from crmdesk.services.tables import DataTable
from crmdesk.services.visits import VisitForm


def complaint_form(ctx: Context) -> ComplaintForm:
    return ComplaintForm("王", "斷鍊", next_reply_at=ctx.clock.now() + timedelta(hours=4))


STEP = repairs.StepForm()
TABLE = DataTable("x.csv", (), ())
SHEET = exports.ListSheet("x", "x", (), ())
LATER = timedelta(days=1)
#: A task as a stranger might have kept it from a board he once saw.
TASK = today.Task(
    "call_back", 1, 1, "calls", "call", "id", (), "", "x", "", "phone", "x", datetime(2026, 11, 22, tzinfo=UTC),
    None, None, "today",
)  # fmt: skip
#: How a stranger would call those services that take more than numbers, words and what may be left out.
GUARDED: dict[str, Callable[[Context], object]] = {
    "calls.save_call": lambda ctx: calls.save_call(ctx, CallForm(name="x")),
    "calls.transfer_call": lambda ctx: calls.transfer_call(ctx, CallForm(name="x", transferred_to="y")),
    "calls.escalate_call": lambda ctx: calls.escalate_call(ctx, CallForm(name="x", escalated_to_id=1)),
    "calls.instruct_call": lambda ctx: calls.instruct_call(ctx, 1, version=1, instruction="x"),
    "calls.mark_handled": lambda ctx: calls.mark_handled(ctx, 1, version=1),
    "calls.mark_called_back": lambda ctx: calls.mark_called_back(ctx, 1),
    "calls.attach_customer": lambda ctx: calls.attach_customer(ctx, 1, 1),
    "calls.make_customer": lambda ctx: calls.make_customer(ctx, 1),
    "letters.register_letter": lambda ctx: letters.register_letter(ctx, LetterForm(date(2026, 11, 22), "x", name="y")),
    "missed_calls.find_proposals": lambda ctx: missed_calls.find_proposals(ctx, date(2026, 11, 22)),
    "calls.get_call": lambda ctx: calls.get_call(ctx, 1),
    "visits.check_in": lambda ctx: visits.check_in(ctx, VisitForm("x")),
    "visits.arrive": lambda ctx: visits.arrive(ctx, 1, 1),
    "visits.act": lambda ctx: visits.act(ctx, 1, 1, "greet"),
    "visits.serve_water": lambda ctx: visits.serve_water(ctx, 1, 1),
    "visits.give_key": lambda ctx: visits.give_key(ctx, 1, 1, 7),
    "visits.return_key": lambda ctx: visits.return_key(ctx, 1, 1),
    "visits.assign_clerk": lambda ctx: visits.assign_clerk(ctx, 1, 1, 1),
    "visits.update_visit": lambda ctx: visits.update_visit(ctx, 1, 1, purpose="x"),
    "visits.change_visit": lambda ctx: visits.change_visit(ctx, 1, 1, VisitForm("x")),
    "customers.create_customer": lambda ctx: customers.create_customer(ctx, CustomerForm("x")),
    "customers.update_customer": lambda ctx: customers.update_customer(ctx, 1, 1, CustomerForm("x")),
    "knowledge.save_terms": lambda ctx: knowledge.save_terms(ctx, knowledge.Terms()),
    "phone_duty.save_slots": lambda ctx: phone_duty.save_slots(ctx, ()),
    "customers.add_phone": lambda ctx: customers.add_phone(ctx, 1, "0912345678"),
    "customers.get_customer": lambda ctx: customers.get_customer(ctx, 1),
    "ringing.find_caller": lambda ctx: ringing.find_caller(ctx, Ring("0912345678")),
    "ringing.get_caller": lambda ctx: ringing.get_caller(ctx, 1),
    "noted_callers.perhaps": lambda ctx: noted_callers.perhaps(ctx, "0912345678", set(), 1),
    "customer_search.find_customers": lambda ctx: customer_search.find_customers(ctx),
    "items.create_item": lambda ctx: items.create_item(ctx, ItemForm("x", "x")),
    "items.update_item": lambda ctx: items.update_item(ctx, 1, 1, ItemForm("x", "x")),
    "sales.save_draft": lambda ctx: sales.save_draft(ctx, SaleForm(1)),
    "sales.print_sale": lambda ctx: sales.print_sale(ctx, 1, 1, consent=True),
    "sales.void_sale": lambda ctx: sales.void_sale(ctx, 1, 1, reason="x"),
    "sales.finish_sale": lambda ctx: sales.finish_sale(ctx, 1, 1),
    "sales.drop_sale": lambda ctx: sales.drop_sale(ctx, 1, 1),
    "cash.take_payment": lambda ctx: cash.take_payment(ctx, 1, 1, method="cash", received=Decimal(1)),
    "packing.start": lambda ctx: packing.start(ctx, 1, customer_present=True),
    "packing.scan": lambda ctx: packing.scan(ctx, 1, 1, "R-1"),
    "packing.count_line": lambda ctx: packing.count_line(ctx, 1, 1, 1, 1),
    "packing.undo_scan": lambda ctx: packing.undo_scan(ctx, 1, 1),
    "packing.tick": lambda ctx: packing.tick(ctx, 1, 1, "no such line"),
    "packing.acknowledge": lambda ctx: packing.acknowledge(ctx, 1, 1, 1),
    "packing.cross_line": lambda ctx: packing.cross_line(ctx, 1, 1, 1, 1, reason="faulty"),
    "packing.uncross_line": lambda ctx: packing.uncross_line(ctx, 1, 1, 1),
    "packing.new_carton": lambda ctx: packing.new_carton(ctx, 1, 1),
    "packing.weigh_carton": lambda ctx: packing.weigh_carton(ctx, 1, 1, 1, 100),
    "packing.finish": lambda ctx: packing.finish(ctx, 1, 1),
    "packing.reopen": lambda ctx: packing.reopen(ctx, 1, 1),
    "packing.seal": lambda ctx: packing.seal(ctx, 1, 1),
    "packing.sign_second": lambda ctx: packing.sign_second(ctx, 1, 1, login="mei", password="x"),
    "packing.call_help": lambda ctx: packing.call_help(ctx, 1),
    "packing.answer_call": lambda ctx: packing.answer_call(ctx, 1),
    "packing.print_return": lambda ctx: packing.print_return(ctx, 1, 1),
    "cash.sign_slip": lambda ctx: cash.sign_slip(ctx, 1, 1),
    "checklist_templates.save_template": lambda ctx: checklist_templates.save_template(ctx, TemplateForm("x", ())),
    "closing.find_fax": lambda ctx: closing.find_fax(ctx),
    "closing.tick_fax": lambda ctx: closing.tick_fax(ctx, True),
    "repairs.take_in": lambda ctx: repairs.take_in(ctx, RepairForm(1)),
    "repairs.act": lambda ctx: repairs.act(ctx, 1, 1, "finish", STEP),
    "repairs.add_note": lambda ctx: repairs.add_note(ctx, 1, "x"),
    "repairs.add_photo": lambda ctx: repairs.add_photo(ctx, 1, 1, repairs.Photo(b"\xff\xd8")),
    "complaints.register_complaint": lambda ctx: complaints.register_complaint(ctx, complaint_form(ctx)),
    "complaints.add_note": lambda ctx: complaints.add_note(ctx, 1, "x"),
    "complaints.set_next_reply": lambda ctx: complaints.set_next_reply(ctx, 1, 1, ctx.clock.now() + LATER),
    "complaints.count_not_reached": lambda ctx: complaints.count_not_reached(ctx, 1, 1, ctx.clock.now() + LATER),
    "complaints.tick_clears": lambda ctx: complaints.tick_clears(ctx, 1, 1, ()),
    "month.get_month": lambda ctx: month.get_month(ctx, 2026, 11),
    "month.find_records": lambda ctx: month.find_records(ctx, "calls", 2026, 11),
    "compliance.cases_of": lambda ctx: compliance.cases_of(
        ctx, next(iter(measures_of(ctx.policy).values())), compliance.period_of(ctx, 2026, 11)
    ),
    "policies.choose_packs": lambda ctx: policies.choose_packs(ctx, ctx.office.packs),
    "policies.set_number": lambda ctx: policies.set_number(ctx, "CALL-01", "answer_rings", "2"),
    "policies.clear_number": lambda ctx: policies.clear_number(ctx, "CALL-01", "answer_rings"),
    "staff.create_staff": lambda ctx: staff.create_staff(ctx, StaffForm("x", "x", ())),
    "staff.update_staff": lambda ctx: staff.update_staff(ctx, 1, 1, StaffForm("x", "x", ())),
    "office.save_office": lambda ctx: office.save_office(ctx, ctx.office),
    "staff.create_first_manager": lambda ctx: staff.create_first_manager(ctx, StaffForm("x", "x", (), "silver-925")),
    "imports.import_customers": lambda ctx: imports.import_customers(ctx, TABLE),
    "imports.import_items": lambda ctx: imports.import_items(ctx, TABLE),
    "imports.preview": lambda ctx: imports.preview(ctx, "customers", TABLE, {}),
    "views.keep_view": lambda ctx: views.keep_view(ctx, "x", {}),
    "views.save_view": lambda ctx: views.save_view(ctx, "x", "x", {}),
    "customer_lists.find_chosen": lambda ctx: customer_lists.find_chosen(ctx, (1,)),
    "customer_bulk.change_customers": lambda ctx: customer_bulk.change_customers(ctx, (1,), "kind", "retail"),
    "customer_bulk.take_back": lambda ctx: customer_bulk.take_back(
        ctx, customer_bulk.BulkChange("kind", "retail", {}, ctx.clock.now())
    ),
    "exports.export_list": lambda ctx: exports.export_list(ctx, SHEET, "x.csv"),
    "exports.print_list": lambda ctx: exports.print_list(ctx, SHEET),
    "exports.with_protected": lambda ctx: exports.with_protected(ctx, (), ()),
    "papers.find_target": lambda ctx: papers.find_target(ctx, PaperCode("S", "1", 0)),
    "attachments.read_file": lambda ctx: attachments.read_file(ctx, "x.png"),
    "attachments.add_attachment": lambda ctx: attachments.add_attachment(ctx, "call", 1, NewFile("x.pdf", b"%PDF-")),
    "attachments.find_attachments": lambda ctx: attachments.find_attachments(ctx, "call", 1),
    "attachments.count_attachments": lambda ctx: attachments.count_attachments(ctx, "call", 1),
    "care.note_care": lambda ctx: care.note_care(ctx, CareForm(1, "wanted", "x")),
    "care.tell_customers": lambda ctx: care.tell_customers(ctx, "x", [1], "phone"),
    "deposits.take_deposit": lambda ctx: deposits.take_deposit(ctx, DepositForm(1, Decimal(1), "x")),
    "follows.write_up": lambda ctx: follows.write_up(ctx, FollowForm(1, "x")),
    "archive_settings.add_field": lambda ctx: archive_settings.add_field(ctx, FieldForm("x", "basic")),
    "archive_settings.change_field": lambda ctx: archive_settings.change_field(ctx, "car", FieldForm("x", "social")),
    "approvals.decide": lambda ctx: approvals.decide(ctx, 1, 1, agree=True),
    "controlled.ask": lambda ctx: controlled.ask(ctx, 1, receiver="x", until=ctx.clock.today(), reason="x"),
    "stand_ins.set_away": lambda ctx: stand_ins.set_away(ctx, 1, ctx.clock.today(), ctx.clock.today()),
    "deadlines.pause": lambda ctx: deadlines.pause(
        ctx, "complaint", 1, 1, reason="x", review_at=ctx.clock.now() + LATER
    ),
    "deadlines.resume": lambda ctx: deadlines.resume(ctx, "complaint", 1, 1),
    "today.find_colleagues": lambda ctx: today.find_colleagues(ctx, TASK),
    "today_steps.snooze": lambda ctx: today_steps.snooze(ctx, TASK, "hour", "x"),
    "today_steps.wake": lambda ctx: today_steps.wake(ctx, TASK),
    "today_steps.hand_on": lambda ctx: today_steps.hand_on(ctx, TASK, 1),
    "working_time.set_hours": lambda ctx: working_time.set_hours(ctx, ctx.office.hours, ""),
    "working_time.set_own_day": lambda ctx: working_time.set_own_day(ctx, ctx.clock.today(), ""),
    "undo.undo_step": lambda ctx: undo.undo_step(ctx, "complaint", 1, 1),
    "sale_lists.find_last_prices": lambda ctx: sale_lists.find_last_prices(ctx, 1, (1,)),
}

_PURE = "reckons with what it is given; reads nothing"
_RULES = "what the regulation and the office's hours say, which everybody may know"
_OWN = "only what the user left half typed"
_START = "before anybody is signed in"
_COPY = "the program's own copy of the file, made by itself once a day"
_PAPER = "puts a paper together from what its service has read"

#: Services that ask for no right, and why that is well.
OPEN: dict[str, str] = {
    **dict.fromkeys(("backups.backup_folder", "backups.backup_now", "backups.find_backups", "backups.is_due"), _COPY),
    **dict.fromkeys(("call_lists.day_bounds", "calls.is_late", "calls.suggest_callback",
                     "compliance.is_measured", "compliance.midnight", "compliance.period_of", "deadlines.calendar_of",
                     "attachments.limit_of", "attachments.may_change", "attachments.check_size", "care.days_ahead",
                     "follows.term_of",
                     "today_steps.until_of", "working_time.year_view", "complaint_steps.due_limit_days",
                     "policies.read_number",
                     "complaints.suggest_next_reply", "approval_steps.route_today",
                     "controlled.is_controlled", "steps.machine_of"), _RULES),
    **dict.fromkeys(("approvals.lies_with_user", "approvals.mine_open", "archive.open_to", "archive_access.allows",
                     "archive_access.day_began", "calls.find_unmet", "letters.to_bind", "letters.to_file",
                     "complaint_steps.facts_of",
                     "complaint_due.due_of", "complaint_due.finish_come", "complaint_due.row_due",
                     "complaint_steps.find_stages", "counts.desks_of", "deadlines.come_due",
                     "follows.unwritten", "follows.uncontacted", "records.closed_kinds",
                     "reminders.find_steps", "reminders.speak", "ringing.written", "sales.sums_of", "today.due_of",
                     "today.filters_of", "today_query.branches", "today_query.condition",
                     "today_query.statement",
                     "complaint_steps.find_steps", "month_report.compare", "month_report.show",
                     "packing_sheet.allowed_steps", "visit_board.count_greeted", "visit_board.find_steps",
                     "steps.find_allowed", "undo.offer_undo"), _PURE),
    **dict.fromkeys(("papers.letterhead", "sale_papers.receipt_document", "sale_papers.slip_document",
                     "sale_returns.return_document", "sale_returns.without_returns"), _PAPER),
    **dict.fromkeys(("drafts.drop_draft", "drafts.find_drafts", "drafts.save_draft"), _OWN),
    **dict.fromkeys(("staff.find_staff", "staff.count_staff", "staff.sign_in", "staff.check_password",
                     "setup.reload_office"), _START),
    "compliance.clause_month": "without the right to the month it says nothing",
    "today.find_last_said": "of a record the user may not see it says nothing",
    "packing_work.working": "the frame of a step; its own test is that of every step of packing",
    "sample.fill_sample": "fills an office that has nobody yet, as its manager",
    "sample_history.write_history": "fills an office that has nobody yet, as its people",
}  # fmt: skip


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every function of the services that takes a context first: the doors of the house."""
    for found in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"crmdesk.services.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "ctx":
                yield f"{found.name}.{name}", function


def listed(name: str) -> Callable[..., object]:
    module, function = name.split(".")
    return getattr(importlib.import_module(f"crmdesk.services.{module}"), function)  # type: ignore[no-any-return]  # named in the table above


def simple_call(name: str, function: Callable[..., object]) -> Callable[[Context], object]:
    """The call of a service whose arguments say themselves what they may be."""
    values: dict[str, object] = {"int": 1, "int | None": 1, "str": "x", "bool": True}
    given: dict[str, object] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.default is not parameter.empty:
            continue
        assert parameter.annotation in values, f"{name}: say in GUARDED how it is called, or in OPEN why anybody may"
        given[parameter.name] = values[parameter.annotation]
    return lambda ctx: function(ctx, **given)


def every_call() -> dict[str, Callable[[Context], object]]:
    known = {listed(name): name for name in GUARDED}
    return GUARDED | {
        name: simple_call(name, door) for name, door in public() if name not in OPEN and door not in known
    }


@pytest.mark.parametrize("who", ["nobody", "a role nobody knows"])
def test_who_has_no_right_changes_and_sees_nothing(desk: Context, who: str) -> None:
    stranger = NOBODY if who == "nobody" else User(1, "x", "x", ("boss of everything",))
    with desk.reading() as session:
        before = session.scalar(select(func.count()).select_from(HistoryEntry))
    let_in = []
    for name, call in every_call().items():
        try:
            call(desk.acting_as(stranger))
        except PermissionDenied:
            continue
        except UserError:
            if name == "staff.create_first_manager":
                continue  # refused because the office has its accounts
            let_in.append(name)
        except Exception as error:  # whatever it ran into: it had let the stranger in
            let_in.append(f"{name}: {type(error).__name__} {error}")
        else:
            let_in.append(name)
    assert not let_in
    with desk.reading() as session:
        assert session.scalar(select(func.count()).select_from(HistoryEntry)) == before


def test_the_list_of_open_services_is_true() -> None:
    names = {name for name, _door in public()}
    assert not OPEN.keys() - names and all(OPEN.values())


def user_of(ctx: Context, login: str) -> User:
    member = next(m for m in staff.find_staff(ctx) if m.login == login)
    return User(member.id, member.login, member.name, member.roles)


@pytest.mark.parametrize(
    ("login", "names"),
    [
        ("wen", "customers.create_customer sales.save_draft cash.take_payment visits.check_in repairs.take_in"),
        ("mei", "sales.void_sale packing.scan month.get_month policies.set_number office.save_office"),
        ("mei", "staff.create_staff"),
        ("ming", "sales.print_sale"),
        ("fang", "items.create_item"),
        ("wu", "cash.take_payment"),
        # and reads nothing of the others' desks
        ("wen", "repairs.get_repair sale_lists.get_sale visit_board.check_closing visit_board.get_visit"),
        ("wen", "repairs.count_repairs visit_board.count_in_house visit_board.find_visits month.get_month"),
        ("fang", "packing_queue.count_waiting packing_calls.find_calls"),
        ("ming", "sale_lists.get_sale sale_lists.find_last_sale visit_board.find_purposes imports.preview"),
    ],
)
def test_a_colleague_stays_at_the_own_desk(desk: Context, login: str, names: str) -> None:
    doors = every_call()
    for name in names.split():
        with pytest.raises(PermissionDenied):
            doors[name](desk.acting_as(user_of(desk, login)))


def test_a_story_and_a_paper_are_seen_by_their_desk(desk: Context) -> None:
    boss, wen, ming = desk, *(desk.acting_as(user_of(desk, login)) for login in ("wen", "ming"))
    told = frozenset({"duration", "may_differ"})
    taken = repairs.take_in(boss, RepairForm(
        None, "R-1", part="鍊頭", not_thai_silver=True, told=told, new_customer=CustomerForm("王")))  # fmt: skip
    paper = taken.papers[0]
    for ctx in (boss, ming):
        assert records.find_story(ctx, "repair", taken.id)
        assert records.find_history(ctx, "repair", taken.id)
        assert [row.id for row in papers.find_papers(ctx, "repair", taken.id)] == list(taken.papers)
        assert papers.render_paper(ctx, paper).startswith(b"%PDF")
        assert papers.missing_glyphs(ctx, paper) == []
    looks: list[Callable[[Context], object]] = [
        lambda ctx: records.find_story(ctx, "repair", taken.id),
        lambda ctx: records.find_history(ctx, "repair", taken.id),
        lambda ctx: papers.find_papers(ctx, "repair", taken.id),
        lambda ctx: papers.render_paper(ctx, paper),
        lambda ctx: papers.missing_glyphs(ctx, paper),
        lambda ctx: papers.ask_print(ctx, paper),
        lambda ctx: records.find_history(ctx, "staff", 1),
        lambda ctx: records.find_story(ctx, "something new", 1),
    ]
    for look in looks:
        with pytest.raises(PermissionDenied):
            look(wen)
    with pytest.raises(PermissionDenied):
        records.find_history(ming, "staff", 1)


def test_who_may_see_is_said_for_every_kind_of_record() -> None:
    kinds = {mapper.class_.KIND for mapper in Base.registry.mappers} - {""}
    assert kinds <= RIGHTS_TO_SEE.keys()
    for role, rights in RIGHTS_OF_ROLE.items():
        seen = {kind for kind, any_of in RIGHTS_TO_SEE.items() if not rights.isdisjoint(any_of)}
        assert {"call", "customer", "item", "complaint"} <= seen, role
