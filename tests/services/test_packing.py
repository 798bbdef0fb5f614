"""Packing: the right piece counts, the wrong one stops the station, two persons when the customer is absent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.codes import PaperCode, bar_text, parse_code, qr_text
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.sale import Sale, SaleLine
from crmdesk.services import packing
from crmdesk.services.context import Context
from crmdesk.services.papers import find_papers, find_target, render_paper
from crmdesk.services.records import find_story
from crmdesk.services.sales import SaleForm, SaleLineForm, get_sale, print_sale, save_draft
from tests.helpers.office import PASSWORD, Staff, count_queries
from tests.helpers.slips import make_slip
from tests.printing.reading import squeezed, texts

ALL_CODES = ("R-1013", "R-1013", "B-2207", "B-2201", "B-2201", "B-2201")


def begin(ctx: Context, staff: Staff, *, present: bool = True, **more: Any) -> tuple[Context, int]:
    sale_id = make_slip(ctx, present=present, **more)
    desk = ctx.acting_as(staff.ming)
    return desk, packing.start(desk, sale_id, customer_present=present)


def version(ctx: Context, packing_id: int) -> int:
    return packing.get_packing(ctx, packing_id).version


def scan(ctx: Context, packing_id: int, code: str, quantity: int = 1) -> packing.ScanOutcome:
    return packing.scan(ctx, packing_id, version(ctx, packing_id), code, quantity=quantity)


def pack_all(ctx: Context, packing_id: int) -> None:
    for code in ALL_CODES:
        assert scan(ctx, packing_id, code).verdict == "ok"


def tick(ctx: Context, packing_id: int, *keys: str) -> None:
    for key in keys:
        packing.tick(ctx, packing_id, version(ctx, packing_id), key)


def test_slip_opens_by_any_of_its_codes(ctx: Context, staff: Staff) -> None:
    sale_id = make_slip(ctx)
    desk = ctx.acting_as(staff.ming)
    for typed in ("2026-000123", "123", " 2026-000123 "):
        assert packing.open_slip(desk, typed).sale_id == sale_id
    with pytest.raises(UserError, match="No slip"):
        packing.open_slip(desk, "B-2201")
    with pytest.raises(UserError, match="No slip"):
        packing.open_slip(desk, "")


def test_drafts_and_voided_slips_are_refused(ctx: Context, staff: Staff) -> None:
    make_slip(ctx, number="2026-000200", state="draft")
    make_slip(ctx, number="2026-000201", state="void")
    desk = ctx.acting_as(staff.ming)
    with pytest.raises(UserError) as draft:
        packing.open_slip(desk, "2026-000200")
    assert draft.value.clause == "SET-03"
    with pytest.raises(UserError, match="voided"):
        packing.open_slip(desk, "2026-000201")


@pytest.mark.clause("PACK-01")
@pytest.mark.clause("PACK-02")
def test_counting_starts_with_the_counters_name_and_the_procedure(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff, present=False)
    sheet = packing.get_packing(desk, packing_id)
    assert (sheet.counter, sheet.customer_present, sheet.state) == ("李阿明", False, "packing")
    assert (sheet.pieces, sheet.packed, len(sheet.cartons)) == (6, 0, 1)
    with desk.reading() as session:
        assert session.get_one(Sale, sheet.sale_id).state == "packing"
    with pytest.raises(UserError, match="李阿明"):
        packing.start(ctx.acting_as(staff.wen), sheet.sale_id, customer_present=True)


@pytest.mark.clause("PACK-03")
def test_count_one_pack_one_tick_one(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    first = scan(desk, packing_id, "r-1013")
    assert first.line is not None
    assert (first.verdict, first.line.packed, first.line.tick) == ("ok", 1, "")
    second = scan(desk, packing_id, "Ｒ－1013".replace("－", "-"))
    assert second.line is not None
    assert second.line.tick == "ok"
    sheet = packing.get_packing(desk, packing_id)
    assert [(line.packed, line.tick) for line in sheet.lines] == [(2, "ok"), (0, ""), (0, "")]
    assert sheet.current is not None
    assert sheet.current.code == "B-2207"
    with desk.reading() as session:
        stored = session.get_one(SaleLine, sheet.lines[0].id)
    assert (stored.packed, stored.tick) == (2, "ok")


@pytest.mark.clause("PACK-03")
@pytest.mark.parametrize(
    ("code", "verdict"), [("P-9999", "wrong"), ("X-0000", "unknown"), ("B-2207", "too_many"), ("R-1013", "crossed")]
)
def test_wrong_piece_stops_until_acknowledged(ctx: Context, staff: Staff, code: str, verdict: str) -> None:
    desk, packing_id = begin(ctx, staff)
    scan(desk, packing_id, "B-2207")
    ring = packing.get_packing(desk, packing_id).lines[0]
    packing.cross_line(desk, packing_id, version(desk, packing_id), ring.id, 2, reason="unwanted")
    outcome = scan(desk, packing_id, code)
    assert outcome.stops
    assert outcome.verdict == verdict
    pending = packing.get_packing(desk, packing_id).pending
    assert pending is not None
    assert (pending.verdict, pending.count_today) == (verdict, 1)
    with pytest.raises(UserError) as refused:
        scan(desk, packing_id, "B-2201")
    assert refused.value.clause == "PACK-03"
    packing.acknowledge(desk, packing_id, version(desk, packing_id), pending.id, wanted=True)
    assert packing.get_packing(desk, packing_id).pending is None
    assert scan(desk, packing_id, "B-2201").verdict == "ok"
    assert "also wants" in find_story(desk, "packing", packing_id)[0].title


def test_paper_codes_and_nothing_are_no_pieces(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    with pytest.raises(UserError, match="paper"):
        scan(desk, packing_id, qr_text(PaperCode("S", "2026-000123", 3)))
    with pytest.raises(ValidationError):
        scan(desk, packing_id, "   ")
    assert packing.get_packing(desk, packing_id).pending is None


def test_big_lines_are_counted_by_number(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    line = packing.get_packing(desk, packing_id).lines[2]
    for wrong in (0, 4, -1):
        with pytest.raises(ValidationError) as refused:
            packing.count_line(desk, packing_id, version(desk, packing_id), line.id, wrong)
        assert "quantity" in refused.value.fields
    outcome = packing.count_line(desk, packing_id, version(desk, packing_id), line.id, 3)
    assert outcome.line is not None
    assert outcome.line.full
    assert scan(desk, packing_id, "R-1013", 2).line is not None
    assert scan(desk, packing_id, "B-2207", 2).verdict == "too_many"


def test_undo_takes_out_what_was_packed_last(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    scan(desk, packing_id, "R-1013", 2)
    scan(desk, packing_id, "B-2207")
    assert packing.undo_scan(desk, packing_id, version(desk, packing_id)).code == "B-2207"
    line = packing.undo_scan(desk, packing_id, version(desk, packing_id))
    assert (line.code, line.packed, line.tick) == ("R-1013", 0, "")
    with pytest.raises(UserError, match="Nothing"):
        packing.undo_scan(desk, packing_id, version(desk, packing_id))
    assert packing.get_packing(desk, packing_id).cartons[0].pieces == 0


@pytest.mark.clause("PACK-04")
def test_crossed_pieces_need_three_signatures(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    pack_all(desk, packing_id)
    chain = packing.get_packing(desk, packing_id).lines[2]
    crossed = packing.cross_line(
        desk, packing_id, version(desk, packing_id), chain.id, 1, reason="faulty", note="扣頭鬆"
    )
    assert (crossed.packed, crossed.crossed, crossed.tick) == (2, 1, "ok")
    sheet = packing.get_packing(desk, packing_id)
    assert (sheet.cartons[0].pieces, sheet.crossed) == (5, 1)
    tick(desk, packing_id, "name_checked", "protected")
    with pytest.raises(UserError, match="print the return slip first"):
        tick(desk, packing_id, "return.handler")
    packing.print_return(desk, packing_id, version(desk, packing_id))
    for key in ("handler", "customer"):
        tick(desk, packing_id, f"return.{key}")
        with pytest.raises(UserError) as refused:
            packing.finish(desk, packing_id, version(desk, packing_id))
        assert refused.value.clause == "PACK-04"
    tick(ctx, packing_id, "return.manager")
    assert len(packing.finish(desk, packing_id, version(desk, packing_id))) == 1


def test_cross_can_be_taken_back(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    line = packing.get_packing(desk, packing_id).lines[1]
    with pytest.raises(ValidationError):
        packing.cross_line(desk, packing_id, version(desk, packing_id), line.id, 1, reason="because")
    with pytest.raises(ValidationError):
        packing.cross_line(desk, packing_id, version(desk, packing_id), line.id, 2, reason="unwanted")
    with pytest.raises(ValidationError):
        packing.cross_line(desk, packing_id, version(desk, packing_id), line.id, 1, reason="faulty", note="x" * 201)
    assert packing.cross_line(desk, packing_id, version(desk, packing_id), line.id, 1, reason="unwanted").tick == "x"
    back = packing.uncross_line(desk, packing_id, version(desk, packing_id), line.id)
    assert (back.crossed, back.tick, back.left) == (0, "", 1)


@pytest.mark.clause("PACK-11")
@pytest.mark.clause("PACK-12")
def test_absent_customer_needs_a_second_person(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff, present=False)
    with pytest.raises(UserError) as early:
        packing.sign_second(desk, packing_id, version(desk, packing_id), login="wen", password=PASSWORD)
    assert early.value.clause == "PACK-12"
    pack_all(desk, packing_id)
    tick(desk, packing_id, "name_checked", "protected")
    with pytest.raises(UserError) as alone:
        packing.finish(desk, packing_id, version(desk, packing_id))
    assert alone.value.clause == "PACK-11"
    with pytest.raises(UserError) as same:
        packing.sign_second(desk, packing_id, version(desk, packing_id), login="ming", password=PASSWORD)
    assert same.value.clause == "PACK-11"
    with pytest.raises(UserError, match="wrong"):
        packing.sign_second(desk, packing_id, version(desk, packing_id), login="wen", password="guess")
    name = packing.sign_second(desk, packing_id, version(desk, packing_id), login="wen", password=PASSWORD)
    assert name == "張文華"
    assert packing.finish(desk, packing_id, version(desk, packing_id))
    sheet = packing.get_packing(desk, packing_id)
    assert (sheet.counter, sheet.second) == ("李阿明", "張文華")


@pytest.mark.clause("PACK-12")
def test_a_later_change_needs_a_new_signature(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff, present=False)
    pack_all(desk, packing_id)
    tick(desk, packing_id, "name_checked", "protected")
    packing.sign_second(desk, packing_id, version(desk, packing_id), login="wen", password=PASSWORD)
    packing.undo_scan(desk, packing_id, version(desk, packing_id))
    scan(desk, packing_id, "B-2201")
    with pytest.raises(UserError) as refused:
        packing.finish(desk, packing_id, version(desk, packing_id))
    assert refused.value.clause == "PACK-12"


@pytest.mark.clause("PACK-03")
def test_finish_waits_for_every_line(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    tick(desk, packing_id, "name_checked", "protected")
    for code in ALL_CODES[:-1]:
        scan(desk, packing_id, code)
        with pytest.raises(UserError) as refused:
            packing.finish(desk, packing_id, version(desk, packing_id))
        assert refused.value.clause == "PACK-03"
    scan(desk, packing_id, ALL_CODES[-1])
    packing.finish(desk, packing_id, version(desk, packing_id))
    with pytest.raises(UserError, match="Packed"):
        scan(desk, packing_id, "B-2201")


@pytest.mark.clause("PACK-08")
def test_each_carton_gets_its_label(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    scan(desk, packing_id, "R-1013", 2)
    assert packing.new_carton(desk, packing_id, version(desk, packing_id)) == 2
    with pytest.raises(UserError, match="empty"):
        packing.new_carton(desk, packing_id, version(desk, packing_id))
    for code in ALL_CODES[2:]:
        scan(desk, packing_id, code)
    packing.new_carton(desk, packing_id, version(desk, packing_id))
    cartons = packing.get_packing(desk, packing_id).cartons
    assert [(c.position, c.pieces, c.sealed) for c in cartons] == [(1, 2, True), (2, 4, True), (3, 0, False)]
    packing.weigh_carton(desk, packing_id, version(desk, packing_id), cartons[1].id, 3400)
    tick(desk, packing_id, "name_checked", "protected")
    papers = packing.finish(desk, packing_id, version(desk, packing_id))
    assert [row.part for row in find_papers(desk, "packing", packing_id)] == [1, 2]
    words = texts(render_paper(desk, papers[1]))[0]
    for said in ("2 / 2", "陳李美鳳", "0912-345-678", "3.4 kg", "李阿明"):
        assert squeezed(said) in words
    read = parse_code(bar_text(PaperCode("B", "2026-000123", 2)))
    assert read is not None
    target = find_target(desk, read)
    assert target is not None
    assert (target.kind, target.record_id, target.part) == ("packing", packing_id, 2)
    assert packing.open_slip(desk, bar_text(PaperCode("B", "2026-000123", 1))).packing_id == packing_id


@pytest.mark.parametrize(
    ("present", "clauses"), [(True, ("PACK-06", "PACK-07", "PACK-08")), (False, ("PACK-13", "PACK-14"))]
)
@pytest.mark.clause("PACK-06")
@pytest.mark.clause("PACK-07")
@pytest.mark.clause("PACK-13")
@pytest.mark.clause("PACK-14")
def test_sealing_follows_the_procedure(
    ctx: Context, staff: Staff, clock: FixedClock, present: bool, clauses: tuple[str, ...]
) -> None:
    desk, packing_id = begin(ctx, staff, present=present)
    pack_all(desk, packing_id)
    tick(desk, packing_id, "name_checked", "protected")
    if not present:
        packing.sign_second(desk, packing_id, version(desk, packing_id), login="wen", password=PASSWORD)
    packing.finish(desk, packing_id, version(desk, packing_id))
    rules = packing.allowed_steps(desk, packing.get_packing(desk, packing_id))
    assert {step.action: step.clauses for step in rules}["seal"] == clauses
    keys = ("customer_signed", "copies_given", "seal_signed") if present else ("copy_inside", "name_on_seal")
    for key, clause in zip(keys, clauses, strict=True):
        with pytest.raises(UserError) as refused:
            packing.seal(desk, packing_id, version(desk, packing_id))
        assert refused.value.clause == clause
        tick(desk, packing_id, key)
    clock.advance(timedelta(minutes=5))
    packing.seal(desk, packing_id, version(desk, packing_id))
    sheet = packing.get_packing(desk, packing_id)
    assert (sheet.state, sheet.sealed_at, sheet.cartons[0].sealed) == ("sealed", clock.now(), True)


def test_counting_again_throws_the_labels_away(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    pack_all(desk, packing_id)
    tick(desk, packing_id, "name_checked", "protected")
    packing.finish(desk, packing_id, version(desk, packing_id))
    packing.reopen(desk, packing_id, version(desk, packing_id))
    assert find_papers(desk, "packing", packing_id) == []
    assert scan(desk, packing_id, "B-2201").verdict == "too_many"


def test_two_stations_on_one_slip(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    other = ctx.acting_as(staff.wen)
    seen = version(desk, packing_id)
    assert packing.scan(other, packing_id, seen, "R-1013").verdict == "ok"
    with pytest.raises(ConflictError) as conflict:
        packing.scan(desk, packing_id, seen, "R-1013")
    assert conflict.value.by == "張文華"
    assert packing.get_packing(desk, packing_id).packed == 1


def test_version_of_the_outcome_serves_the_next_scan(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    seen = version(desk, packing_id)
    for code in ALL_CODES:
        seen = packing.scan(desk, packing_id, seen, code).version
    assert seen == version(desk, packing_id)


def test_a_scan_is_a_handful_of_statements(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    seen = version(desk, packing_id)
    with count_queries(ctx) as statements:
        packing.scan(desk, packing_id, seen, "R-1013")
    assert len(statements) <= 10
    seen = version(desk, packing_id)
    with count_queries(ctx) as statements:
        packing.scan(desk, packing_id, seen, "P-9999")
    assert len(statements) <= 10
    with count_queries(ctx) as statements:
        packing.get_packing(desk, packing_id)
    assert len(statements) <= 8


def test_queue_shows_what_waits_what_is_in_work_and_what_is_done(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    make_slip(ctx, number="2026-000124", name="林碧霞")
    make_slip(ctx, number="2026-000125", name="周佩芬", state="draft")
    make_slip(ctx, number="2026-000126", name="謝宗翰", state="paid")
    scan(desk, packing_id, "R-1013")
    with count_queries(ctx) as statements:
        queue = packing.find_packings(desk)
    assert len(statements) <= 3
    assert [row.number for row in queue.waiting] == ["2026-000124", "2026-000126"]
    assert [row.paid for row in queue.waiting] == [False, True]
    working = queue.working[0]
    assert (working.number, working.lines, working.pieces, working.packed) == ("2026-000123", 3, 6, 1)
    assert packing.count_waiting(desk) == 3
    with count_queries(ctx) as statements:
        packing.count_waiting(desk)
    assert len(statements) <= 2


def test_returns_and_voided_slips_are_not_offered(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    make_slip(ctx, number="2026-000130", goods=(("R-1013", "素面尾戒 6 號", "C", -1),))
    mixed = make_slip(
        ctx, number="2026-000131", goods=(("R-1013", "素面尾戒 6 號", "C", -1), ("B-2207", "蛇骨", "B", 2))
    )
    assert [row.number for row in packing.find_packings(desk).waiting] == ["2026-000131"]
    assert packing.find_packings(desk).waiting[0].pieces == 2
    sheet = packing.get_slip(desk, mixed)
    assert (sheet.pieces, sheet.open_lines) == (2, 1)
    line = packing.get_packing(desk, packing_id).lines[0]
    packing.cross_line(desk, packing_id, version(desk, packing_id), line.id, 1, reason="faulty", note="刮傷")
    found = packing.find_returns(ctx, packing.get_packing(desk, packing_id).sale_id)
    assert [(row.code, row.quantity, row.reason, row.note) for row in found] == [("R-1013", 1, "faulty", "刮傷")]


def test_a_slip_of_the_sales_desk_is_packed(ctx: Context, staff: Staff) -> None:
    make_slip(ctx)  # its items are in the catalogue now
    mei = ctx.acting_as(staff.mei)
    customer = packing.open_slip(ctx, "2026-000123").customer_id
    form = SaleForm(customer, lines=(SaleLineForm("R-1013", 2, price=Decimal(120)),), consent=True)
    draft = save_draft(mei, form)
    slip = print_sale(mei, draft.id, draft.version, consent=True)
    desk = ctx.acting_as(staff.ming)
    sheet = packing.open_slip(desk, bar_text(PaperCode("S", slip.number, 2)))
    assert (sheet.sale_id, sheet.pieces) == (slip.id, 2)
    packing_id = packing.start(desk, sheet.sale_id, customer_present=True)
    assert scan(desk, packing_id, "R-1013", 2).verdict == "ok"
    tick(desk, packing_id, "name_checked", "protected")
    packing.finish(desk, packing_id, version(desk, packing_id))
    tick(desk, packing_id, "customer_signed", "copies_given", "seal_signed")
    packing.seal(desk, packing_id, version(desk, packing_id))
    assert get_sale(mei, slip.id).sealed


def test_only_packers_pack(ctx: Context, staff: Staff) -> None:
    _desk, packing_id = begin(ctx, staff)
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        packing.scan(mei, packing_id, 1, "R-1013")
    with pytest.raises(PermissionDenied):
        packing.find_packings(mei)


def test_help_is_noted(ctx: Context, staff: Staff) -> None:
    desk, packing_id = begin(ctx, staff)
    packing.call_help(desk, packing_id)
    assert "supervisor" in find_story(desk, "packing", packing_id)[0].title
