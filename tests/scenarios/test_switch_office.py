"""An office turns from a showroom into a factory: limits, numbers, copies and deciders follow the packs alone."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import NeedsConfirmation
from crmdesk.services import complaints, papers, policies
from crmdesk.services.approval_steps import route_today
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.setup import reload_office


def works_by(ctx: Context, *packs: str) -> Context:
    """Choose packs as the manager does and return the context every PC has from then on."""
    with pytest.raises(NeedsConfirmation) as question:
        policies.choose_packs(ctx, packs)
    assert question.value.key == "packs"
    policies.choose_packs(ctx, packs, confirmed=True)
    return reload_office(ctx)


def register(ctx: Context, title: str, *, domestic: bool = True) -> int:
    at = complaints.suggest_next_reply(ctx) + timedelta(hours=1)
    form = ComplaintForm("方小姐", title, at, domestic=domestic, clears=("heard", "asked"))
    return complaints.register_complaint(ctx, form).id


def days_to_finish(ctx: Context, record: int) -> tuple[int, str]:
    """Return within how many calendar days a complaint must be finished, and which clause says so."""
    case = complaints.get_complaint(ctx, record)
    assert case.due is not None
    local = ctx.clock.local
    return (local(case.due.at).date() - local(case.received_at).date()).days, case.due.clause


def form_of(ctx: Context, record: int) -> list[str]:
    """Return the text of each page of the complaint form."""
    pdf = papers.render_paper(ctx, complaints.freeze_sheet(ctx, record))
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.clause("CMP-24", "CMP-34", "CMP-41", "CMP-72")
def test_a_showroom_becomes_a_factory_without_a_line_of_code(ctx: Context) -> None:
    ctx = works_by(ctx, "showroom")
    first = register(ctx, "手鐲有裂痕")
    case = complaints.get_complaint(ctx, first)
    assert case.number == "2026-000001"
    assert days_to_finish(ctx, first) == (7, "CMP-72")
    assert all(not stage.limit for stage in case.stages)  # CMP-29 is the factory's
    (page,) = form_of(ctx, first)
    assert "申訴和投訴處理登記表" in page and "綜合部" in page
    route = route_today(ctx, "complaint")
    assert route is not None and (route.clause, len(route.rungs)) == ("CMP-47", 1)

    orders = {(order.kind, order.key) for order in policies.find_orders(ctx.policy, ("factory", "showroom"))}
    assert orders >= {("series", "complaint"), ("copies", "complaint_sheet"), ("chains", "complaint")}
    ctx = works_by(ctx, "factory", "showroom")
    second, abroad = register(ctx, "耳環掉色"), register(ctx, "戒圍不對", domestic=False)
    assert [complaints.get_complaint(ctx, record).number for record in (second, abroad)] == ["2611-01", "2611-02"]
    assert complaints.get_complaint(ctx, first).number == "2026-000001"  # what has a number keeps it
    assert days_to_finish(ctx, second) == (15, "CMP-41")
    assert days_to_finish(ctx, abroad) == (20, "CMP-41")
    assert days_to_finish(ctx, first) == (15, "CMP-41")  # open deadlines move with the regulation
    assert complaints.get_complaint(ctx, second).stages[1].limit == 1
    pages = form_of(ctx, second)
    for page, receiver in zip(pages, ("品質管理部", "製造部門", "業務部門", "會計科", "總經理室"), strict=True):
        assert receiver in page
    route = route_today(ctx, "complaint")
    assert route is not None and (route.clause, len(route.rungs)) == ("CMP-45", 3)


def test_switching_to_and_fro_in_the_middle_of_a_month_doubles_no_number(ctx: Context) -> None:
    numbers = []
    for packs in (("showroom",), ("factory",), ("showroom",), ("factory", "showroom")):
        ctx = works_by(ctx, *packs)
        numbers += [complaints.get_complaint(ctx, register(ctx, f"{packs}{n}")).number for n in range(2)]
    assert numbers == [
        "2026-000001", "2026-000002", "2611-01", "2611-02", "2026-000003", "2026-000004", "2611-03", "2611-04",
    ]  # fmt: skip


@pytest.mark.parametrize("home", ["showroom", "factory", "hotel", "bank", "winery", "dealer", "property", "projects"])
def test_a_complaint_goes_its_whole_way_whatever_the_office_works_by(
    desk: Context, clock: FixedClock, home: str
) -> None:
    ctx = works_by(desk, home)
    record = register(ctx, "手鐲有裂痕")
    ticks = dict.fromkeys(("heard", "asked", "followed", "replied", "recorded"), True)
    given: dict[str, Any] = {"department": "品管", "handler": ctx.user.id, "upheld": False, "reply": "已說明",
                             "satisfied": True, **ticks}  # fmt: skip
    for action, state in (("assign", "assigned"), ("investigate", "investigating"), ("not_upheld", "told"),
                          ("call_back", "called_back"), ("close", "closed")):  # fmt: skip
        case = complaints.get_complaint(ctx, record)
        assert case.state != "told" or case.form.next_reply_at is not None
        complaints.act(ctx, record, case.version, action, given)
        assert complaints.get_complaint(ctx, record).state == state
        clock.moment += timedelta(minutes=10)
    assert form_of(ctx, record)
    assert complaints.find_complaints(ctx, show="all")
    assert complaints.count_open(ctx).open == 0
