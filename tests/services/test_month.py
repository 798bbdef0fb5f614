"""The month's figures: counted in the office's own days, compared, and each opens its records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from crmdesk.core.clock import FixedClock
from crmdesk.core.codes import PaperCode
from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.core.i18n import using
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingScan
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.services.context import Context
from crmdesk.services.month import find_records, get_month, period_of, shift
from crmdesk.services.month_report import compare, comparison_note, freeze_month
from crmdesk.services.papers import find_target, render_paper
from tests.helpers.office import Staff, count_queries


def local(day: int, hour: int = 10, month: int = 11, year: int = 2026) -> datetime:
    """Return a moment of Taipei's clock."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def fill(ctx: Context, staff: Staff) -> None:
    me = staff.mei.id or 0
    now = ctx.clock.now()
    with ctx.transaction("Fill month") as session:
        customer = Customer(code="C1", name="陳李美鳳", created_at=now)
        session.add(customer)
        session.flush()
        for number, (at, rings, sorry, ticks) in enumerate(
            [
                (local(1, 0), 2, False, ["phone", "name", "matter"]),
                (local(5), 6, True, ["phone", "name", "address", "matter"]),
                (local(6), 5, False, []),
                (local(31, 23, month=10), 2, False, []),
                (local(3, year=2025), 2, False, []),
            ]
        ):
            session.add(
                Call(
                    number=f"C{number}",
                    started_at=at,
                    answered_by_id=me,
                    rings=rings,
                    apologised=sorry,
                    read_back=ticks,
                    state="done",
                    matter="問貨",
                    customer_id=customer.id,
                    created_at=now,
                )
            )
        for number, seconds in enumerate([30, 60, 61, None]):
            arrived = local(8, 9 + number)
            greeted = arrived + timedelta(seconds=seconds) if seconds is not None else None
            session.add(
                Visit(number=f"V{number}", visitor_name="x", arrived_at=arrived, greeted_at=greeted, created_at=now)
            )
        for number, (at, total, state) in enumerate(
            [
                (local(9), "1234.50", "paid"),
                (local(10), "0.55", "printed"),
                (local(10), "999", "void"),
                (local(10, month=10), "1000", "paid"),
            ]
        ):
            sale = Sale(
                number=f"2026-{number:06d}",
                customer_id=customer.id,
                clerk_id=me,
                opened_at=at,
                printed_at=at,
                currency="TWD",
                total=Decimal(total),
                pieces=3,
                consent_to_print=True,
                state=state,
                created_at=now,
            )
            session.add(sale)
            session.flush()
            packing = Packing(
                sale_id=sale.id,
                customer_id=customer.id,
                counter_id=me,
                second_id=staff.wen.id if number else me,
                customer_present=False,
                started_at=at,
                sealed_at=at,
                created_at=now,
                state="sealed",
            )
            session.add(packing)
            session.flush()
            session.add(PackingScan(packing_id=packing.id, at=at, by_id=me, code="X-1", wrong=number == 1))
        for number, (received, closed, due, loss) in enumerate(
            [
                (local(2), local(4), local(5), "100"),
                (local(2), local(9), local(5), "50.25"),
                (local(3), None, None, "0"),
            ]
        ):
            session.add(
                Complaint(
                    number=f"2611-0{number}",
                    complainant="x",
                    title="斷扣",
                    kind="quality",
                    received_at=received,
                    closed_at=closed,
                    was_due_at=due,
                    loss=Decimal(loss),
                    received_by_id=me,
                    customer_id=customer.id,
                    satisfied=closed is not None and number == 0,
                    created_at=now,
                )
            )


@pytest.mark.clause("RCPT-01")
def test_figures_count_the_offices_own_days(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    with count_queries(ctx) as seen:
        month = get_month(ctx, 2026, 11)
    assert len(seen) <= 15
    figures = month.figures
    assert month.same_days == ctx.clock.today().day
    # the call of 31 October belongs to no day that November has had yet
    assert (figures["calls"].value, figures["calls"].previous, figures["calls"].last_year) == (3, 0, 1)
    assert figures["late_calls"].value == 2
    assert (figures["apologised"].value, figures["apologised"].cases) == (Decimal("50.0"), 2)
    assert figures["read_back"].value == Decimal("66.7")
    assert (figures["greeted"].value, figures["greeted"].kept, figures["greeted"].cases) == (Decimal("50.0"), 2, 4)
    assert figures["turnover"].value == Decimal("1235.05")
    assert figures["turnover"].previous == 1000
    assert figures["wrong_scans"].value == 1
    assert figures["two_people"].value == Decimal("66.7")
    assert figures["loss"].value == Decimal("150.25")
    assert figures["complaints_in_time"].value == Decimal("33.3"), "one in time, one late, one open and overdue"
    assert figures["satisfied"].cases == 3
    assert [(row.kind, row.cases, row.closed, row.in_time, row.loss) for row in month.kinds] == [
        ("quality", 3, 2, 1, Decimal("150.25"))
    ]
    assert month.chart_months[-1] == (2026, 11)
    assert (month.chart_this[-1], sum(month.chart_last)) == (3, 0)
    assert month.is_over is False


def test_a_month_that_is_over_is_compared_with_whole_months(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    fill(ctx, staff)
    clock.advance(timedelta(days=20))
    month = get_month(ctx, 2026, 11)
    assert (month.same_days, month.figures["calls"].previous) == (0, 1)
    assert comparison_note(month) == ""
    assert "first" in comparison_note(get_month(ctx, 2026, 12))


def test_a_year_without_any_record_is_no_zero(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    october, november = (get_month(ctx, 2026, month).figures for month in (10, 11))
    assert {figure.last_year for figure in october.values()} == {None}
    assert compare(ctx, october["calls"], october["calls"].last_year) == "—"
    assert (november["wrong_scans"].last_year, november["calls"].last_year) == (0, 1)


def test_better_and_worse_follow_what_is_good(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    figures = get_month(ctx, 2026, 11).figures
    assert (figures["turnover"].difference, figures["turnover"].verdict) == (Decimal("235.05"), "better")
    assert figures["complaints"].verdict == "worse"
    assert figures["calls"].verdict == ""


def test_an_empty_month_divides_by_nothing(ctx: Context, clock: FixedClock) -> None:
    month = get_month(ctx, 2024, 2)
    assert month.is_over
    assert month.figures["calls"].value == 0
    assert month.figures["greeted"].value is None
    assert month.figures["greeted"].difference is None
    assert month.kinds == ()
    assert all(figure.value is None for figure in month.figures.values() if figure.is_share)


@pytest.mark.parametrize(
    "key", ["calls", "greeted", "turnover", "wrong_scans", "two_people", "complaints_in_time", "loss"]
)
def test_each_figure_opens_exactly_its_records(ctx: Context, staff: Staff, key: str) -> None:
    fill(ctx, staff)
    figure = get_month(ctx, 2026, 11).figures[key]
    with count_queries(ctx) as seen:
        records = find_records(ctx, key, 2026, 11)
    assert len(seen) <= 2
    assert len(records) == figure.cases
    if figure.is_share:
        assert sum(bool(record.kept) for record in records) == figure.kept
        assert [record.kept for record in records] == sorted(record.kept for record in records)  # type: ignore[type-var]  # shares only: none is None


def test_months_follow_each_other_over_the_year() -> None:
    assert shift(2026, 1, -1) == (2025, 12)
    assert shift(2026, 12, 1) == (2027, 1)


@pytest.mark.parametrize(("year", "month"), [(2026, 13), (2026, 0), (1, 1), (9999, 12)])
def test_a_month_no_office_has_is_refused(desk: Context, year: int, month: int) -> None:
    with pytest.raises(UserError):
        period_of(desk, year, month)


def test_only_who_may_sees_the_month(ctx: Context, staff: Staff) -> None:
    with pytest.raises(PermissionDenied):
        get_month(ctx.acting_as(staff.mei), 2026, 11)
    with pytest.raises(PermissionDenied):
        find_records(ctx.acting_as(staff.wen), "calls", 2026, 11)


def test_the_month_prints_the_figures_it_shows(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    fill(ctx, staff)
    interim = freeze_month(ctx, 2026, 11)
    assert freeze_month(ctx, 2026, 11) == interim, "a second look on the same day is the same paper"
    clock.advance(timedelta(days=20))
    final = freeze_month(ctx, 2026, 11)
    assert final != interim
    with using("zh_TW"):
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(render_paper(ctx, final))).pages)
    assert "1,235" in text
    assert "RCPT-01" in text
    assert "月報" in text, "in the papers' language, whoever prints"
    target = find_target(ctx, PaperCode("M", "2026-11", 0))
    assert target is not None
    assert (target.kind, target.record_id) == ("month", 202611)
