"""Papers that need an approval: the return slip's three signatures, and controlled prints with their stamp."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import UserError, ValidationError
from crmdesk.model.paper import PrintJob
from crmdesk.services import approvals, controlled, packing, papers
from crmdesk.services.context import Context
from crmdesk.services.month_report import freeze_month
from tests.services.test_approvals import Who, by_packs, the_one, who
from tests.services.test_returns import begin, cross, print_return, version

__all__ = ["who"]


# return slips -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("PACK-04")
@pytest.mark.clause("RET-05")
def test_a_return_slip_is_signed_by_three_and_the_manager_from_his_desk(ctx: Context, who: Who) -> None:
    _sale, record = begin(ctx)
    cross(ctx, record, 0, 2)
    print_return(ctx, record)
    case = the_one(ctx)
    assert [line.title for line in case.levels] == ["Handler", "Customer", "Department manager"]
    assert (case.page, case.arguments, case.amount) == ("sales", {"id": _sale}, Decimal(640))
    ming = who("ming")
    for signer in ("handler", "customer"):
        packing.tick(ming, record, version(ctx, record), f"return.{signer}")
    with pytest.raises(UserError) as refused:  # the packer asked; it is not his to decide
        packing.tick(ming, record, version(ctx, record), "return.manager")
    assert "林經理" in refused.value.message and refused.value.clause == "PACK-04"
    case = the_one(ctx)
    assert approvals.decide(ctx, case.id, case.version, agree=True) == "approved"
    assert packing.get_packing(ctx, record).return_signatures == {"handler", "customer", "manager"}


@pytest.mark.clause("PACK-04")
def test_who_signs_as_handler_is_not_the_manager_of_the_same_slip(ctx: Context, who: Who) -> None:
    _sale, record = begin(ctx)
    cross(ctx, record, 0, 2)
    print_return(ctx, record)
    packing.tick(ctx, record, version(ctx, record), "return.handler")
    with pytest.raises(UserError) as refused:
        packing.tick(ctx, record, version(ctx, record), "return.manager")
    assert "Handler" in refused.value.message
    packing.tick(ctx, record, version(ctx, record), "return.handler", on=False)
    packing.tick(ctx, record, version(ctx, record), "return.manager")
    with pytest.raises(UserError):
        packing.tick(who("ming"), record, version(ctx, record), "return.manager", on=False)
    packing.tick(ctx, record, version(ctx, record), "return.manager", on=False)
    assert packing.get_packing(ctx, record).return_signatures == frozenset()


def test_a_refused_return_slip_is_void_and_a_new_cross_asks_again(ctx: Context, who: Who) -> None:
    sale, record = begin(ctx)
    cross(ctx, record, 0, 2)
    print_return(ctx, record)
    case = the_one(ctx)
    approvals.decide(ctx, case.id, case.version, agree=False, reason="客人還要")
    assert packing.get_packing(ctx, record).return_number == ""
    assert packing.find_return_slip(ctx, record) is None
    print_return(ctx, record)
    assert the_one(ctx).terms["number"] != case.terms["number"]
    cross(ctx, record, 0, 1)
    assert approvals.find_approvals(ctx) == [], "void with its slip"
    assert sale


# controlled prints ------------------------------------------------------------------------------------------------


@pytest.mark.clause("SEC-03")
def test_a_controlled_paper_is_printed_once_after_approval_with_its_stamp(
    ctx: Context, who: Who, clock: FixedClock
) -> None:
    ctx = by_packs(ctx, "showroom", "confidentiality")
    fu = replace(ctx, user=who("fu").user)
    paper = freeze_month(fu, 2026, 10)
    for door in (papers.ask_print, papers.check_leaves):
        with pytest.raises(controlled.NotApproved) as refused:
            door(fu, paper)
        assert refused.value.clause == "SEC-03"
    until = clock.today() + timedelta(days=7)
    with pytest.raises(ValidationError) as wrong:
        controlled.ask(fu, paper, receiver=" ", until=clock.today() - timedelta(days=1), reason="")
    assert set(wrong.value.fields) == {"receiver", "until", "reason"}
    controlled.ask(fu, paper, receiver="董事會", until=until, reason="季報")
    with pytest.raises(controlled.NotApproved):
        papers.ask_print(fu, paper)
    case = the_one(ctx)
    approvals.decide(ctx, case.id, case.version, agree=True)
    with pytest.raises(controlled.NotApproved):
        papers.ask_print(ctx, paper)  # the approval is the one's who asked
    job = papers.ask_print(fu, paper)
    for page in PdfReader(io.BytesIO(papers.job_pdf(fu, job))).pages:
        text = page.extract_text()
        assert "受控文件 領用人" in text and "董事會" in text and until.isoformat() in text
    papers.finish_job(fu, job)
    with pytest.raises(controlled.NotApproved):
        papers.ask_print(fu, paper)  # once
    with ctx.reading() as session:
        assert session.scalar(select(func.count(PrintJob.id))) == 1


@pytest.mark.clause("SEC-03")
def test_its_term_ends_and_other_offices_ask_for_nothing(ctx: Context, who: Who, clock: FixedClock) -> None:
    free = by_packs(ctx, "showroom")
    assert papers.ask_print(free, freeze_month(free, 2026, 9))
    strict = by_packs(ctx, "showroom", "confidentiality")
    fu = replace(strict, user=who("fu").user)
    paper = freeze_month(fu, 2026, 10)
    controlled.ask(fu, paper, receiver="董事會", until=clock.today(), reason="季報")
    case = the_one(strict)
    approvals.decide(strict, case.id, case.version, agree=True)
    clock.advance(timedelta(days=1))
    with pytest.raises(controlled.NotApproved):
        papers.ask_print(fu, paper)
