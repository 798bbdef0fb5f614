"""Letters in the register until they stand in the year's volume; what a quarter's enquiries came to (CALL-21 … 26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.rules.policies import shipped
from crmdesk.services import archive_links, calls, care, enquiries, exports, letters, today
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.customer_keys import BOUGHT
from crmdesk.services.customer_lists import find_list
from crmdesk.services.customer_search import count_customers, find_customers
from crmdesk.services.customers import create_customer, update_customer
from crmdesk.services.exports import ListSheet
from crmdesk.services.letter_duties import LETTER_CHORES
from crmdesk.services.letters import LetterForm
from crmdesk.services.search import find_anything
from tests.helpers.office import Staff
from tests.helpers.slips import make_slip

DAY = date(2026, 11, 20)


@pytest.fixture
def boss(ctx: Context) -> Context:
    """The manager of an office that works by the packs with letters and quarters."""
    return replace(ctx, policy=shipped().with_packs(("projects", "property", "archive")))


def keys(ctx: Context) -> set[str]:
    """Return what comes back and would stand on the board: due within a week."""
    week = ctx.clock.now() + timedelta(days=7)
    with ctx.reading() as session:
        found = {chore.key: chore.due(ctx, session) for chore in LETTER_CHORES if chore.counts(ctx)}
    return {key for key, at in found.items() if at is not None and at < week}


def tasks(ctx: Context) -> list[tuple[int, str]]:
    return [(task.record_id, task.clause) for task in today.get_board(ctx).tasks if task.duty == "letter_handle"]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[ListSheet]:
    """The sheets that became papers, the last one last."""
    sheets: list[ListSheet] = []

    def print_list(ctx: Context, sheet: ListSheet) -> int:
        sheets.append(sheet)
        return exports.print_list(ctx, sheet)

    for module in (letters, enquiries):
        monkeypatch.setattr(module, "print_list", print_list)
    return sheets


def letter(**values: Any) -> LetterForm:
    return LetterForm(**{"dated": DAY, "subject": "鍊子褪色，要求換貨", "name": "王大明", **values})


@pytest.mark.clause("CALL-21")
@pytest.mark.clause("CALL-23")
def test_a_letter_is_registered_and_handled(boss: Context) -> None:
    with pytest.raises(ValidationError) as refused:
        letters.register_letter(boss, letter(subject=" ", name="", dated=DAY + timedelta(days=9)))
    assert (set(refused.value.fields), refused.value.clause) == ({"subject", "name", "dated"}, "CALL-21")
    made = letters.register_letter(boss, letter(party="agent", product="細鍊", kind="mail"))
    (row,) = letters.find_letters(boss, "細鍊")
    assert (row.id, row.number, row.party, row.handled_at) == (made, "L2611-001", "agent", None)
    assert tasks(boss) == [(made, "CALL-22")]
    with pytest.raises(ValidationError) as unsaid:
        letters.handle_letter(boss, made, version=row.version, opinion=" ")
    assert unsaid.value.clause == "CALL-23"
    letters.handle_letter(boss, made, version=row.version, opinion="換新", reply="已寄出新品")
    (row,) = letters.find_letters(boss, show="unfiled")
    assert (row.opinion, row.reply, row.handled_by) == ("換新", "已寄出新品", "林經理")
    assert letters.find_letters(boss) == [] and tasks(boss) == []
    assert [hit.record_id for hit in find_anything(boss, "L2611-001")] == [made]


@pytest.mark.clause("CRM-33")
def test_a_notice_goes_out_and_whoever_takes_it_is_written_down(boss: Context, staff: Staff) -> None:
    customer = create_customer(boss, CustomerForm("陳李美鳳")).id
    mei = boss.acting_as(staff.mei)
    made = letters.register_letter(mei, letter(direction="out", kind="notice", customer_id=customer, name=""))
    (row,) = letters.find_letters(mei, show="all")
    assert (row.name, row.delivered_to, row.handled_by) == ("陳李美鳳", "", "王小美")
    with pytest.raises(ValidationError) as refused:
        letters.deliver_letter(mei, made, version=row.version, delivered_to=" ")
    assert refused.value.clause == "CRM-33"
    letters.deliver_letter(mei, made, version=row.version, delivered_to="陳先生（櫃檯）")
    (row,) = letters.find_letters(mei, show="all")
    assert (row.delivered_to, row.delivered_at) == ("陳先生（櫃檯）", mei.clock.now())
    assert letters.get_story(mei, made)[0].title == "Delivered to 陳先生（櫃檯）"


@pytest.mark.clause("CALL-23")
@pytest.mark.clause("STAT-07")
def test_months_are_filed_and_the_year_is_bound(
    boss: Context, staff: Staff, clock: FixedClock, printed: list[ListSheet]
) -> None:
    for name, product in (("王大明", "細鍊"), ("陳小姐", "戒指"), ("王大明", "戒指")):
        made = letters.register_letter(boss, letter(name=name, product=product))
        letters.handle_letter(boss, made, version=None, opinion="換新")
    letters.register_letter(boss, letter(subject="還沒處理"))
    assert letters.file_letters(boss) is None and "letters_file" not in keys(boss)  # the month is not over
    clock.advance(timedelta(days=9))  # the first of December
    assert "letters_file" in keys(boss)
    with pytest.raises(PermissionDenied):
        letters.file_letters(boss.acting_as(staff.ming))
    assert letters.file_letters(boss, by_product=True) is not None
    assert [(row[5], row[4]) for row in printed[-1].rows] == sorted((row[5], row[4]) for row in printed[-1].rows)
    assert len(printed[-1].rows) == 3
    assert "letters_file" not in keys(boss)
    assert [row.subject for row in letters.find_letters(boss)] == ["還沒處理"]
    assert letters.find_letters(boss, show="all", sort=("state", False))[0].subject == "還沒處理"
    filed = letters.find_letters(boss, show="filed")[0]
    with pytest.raises(UserError):
        letters.handle_letter(boss, filed.id, version=filed.version, opinion="退貨")
    assert letters.bind_letters(boss) is None and "letters_bind" not in keys(boss)
    clock.advance(timedelta(days=56))  # the end of January
    assert "letters_bind" in keys(boss)
    assert letters.bind_letters(boss) is not None and "2026" in printed[-1].title
    assert "letters_bind" not in keys(boss) and letters.bind_letters(boss) is None


# quarters -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CALL-25")
def test_a_quarter_of_enquiries_is_counted_and_reported(
    boss: Context, clock: FixedClock, printed: list[ListSheet]
) -> None:
    assert "enquiry_summary" not in keys(boss)
    clock.advance(timedelta(days=35))  # the last week of December
    done = CallForm(
        phone="0912345678", name="王大明", region="臺中", topic="price", matter="問價格", rings=2,
        read_back=("phone", "name", "matter"),
    )  # fmt: skip
    for form in (done, done, replace(done, topic="repair", region=""), replace(done, direction="out")):
        calls.save_call(boss, form)
    wrong = CallForm(phone="0912345678", outcome="wrong_number", rings=2)
    calls.save_call(boss, wrong, complete=True)
    earlier = enquiries.get_quarter(boss, "2027Q1")
    assert (earlier.total, earlier.before) == (0, 3)
    found = enquiries.get_quarter(boss, "2026Q4")
    assert (found.total, found.before, found.last) == (3, 0, date(2026, 12, 31))
    topics = [(line.what, line.many) for line in found.counted if line.group == "Why they asked"]
    places = [(line.what, line.many) for line in found.counted if line.group == "From where"]
    assert topics == [("Prices", 2), ("Repair", 1)] and places == [("臺中", 2), ("place not written down", 1)]
    assert "enquiry_summary" in keys(boss)
    with pytest.raises(ValidationError) as refused:
        enquiries.report_summary(boss, "2026Q4", version=None, text=" ")
    assert refused.value.clause == "CALL-25"
    version = enquiries.save_summary(boss, "2026Q4", version=None, text="多半問價格")
    with pytest.raises(ConflictError):
        enquiries.save_summary(boss, "2026Q4", version=version + 5, text="x")
    with pytest.raises(UserError):  # a colleague began it meanwhile
        enquiries.save_summary(boss, "2026Q4", version=None, text="x")
    enquiries.report_summary(boss, "2026Q4", version=version, text="多半問價格\n其次修理")
    rows = printed[-1].rows
    assert rows[0][2:] == (3, 0) and [row[1] for row in rows[-2:]] == ["多半問價格", "其次修理"]
    assert "enquiry_summary" not in keys(boss)
    clock.advance(timedelta(days=100))  # April: nobody reported the first quarter of 2027
    assert "enquiry_summary" in keys(boss)
    assert enquiries.find_quarters(boss)[:3] == ["2027Q2", "2027Q1", "2026Q4"]


@pytest.mark.clause("CALL-26")
@pytest.mark.clause("NOTE-01")
def test_the_head_sets_the_next_notice_board_from_it(boss: Context, staff: Staff) -> None:
    assert "notice_board" not in keys(boss)
    enquiries.report_summary(boss, "2026Q3", version=None, text="多半問價格")
    assert "notice_board" in keys(boss)
    version = enquiries.get_quarter(boss, "2026Q3").version
    with pytest.raises(PermissionDenied):
        enquiries.set_topics(boss.acting_as(staff.mei), "2026Q3", version=version, topics="價目表")
    with pytest.raises(ValidationError):
        enquiries.set_topics(boss, "2026Q3", version=version, topics=" ")
    enquiries.set_topics(boss, "2026Q3", version=version, topics="新價目表")
    found = enquiries.get_quarter(boss, "2026Q3")
    assert (found.topics, found.topics_by, "notice_board" in keys(boss)) == ("新價目表", "林經理", False)


# the links of archive work ------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-29")
def test_the_file_of_a_customer_goes_through_its_links(boss: Context, staff: Staff) -> None:
    made = create_customer(boss, CustomerForm("陳李美鳳"))

    def done() -> list[bool]:
        return [link.done for link in archive_links.find_links(boss, made.id, filled=3, total=42)]

    assert done() == [True, False, True, False, False]
    care.mark_tidied(boss)
    form = CustomerForm("陳李美鳳", custodian_id=staff.mei.id)
    update_customer(boss, made.id, 1, form)
    assert done() == [True, True, True, True, False]


@pytest.mark.clause("CRM-12")
def test_who_has_bought_is_a_list_of_its_own(ctx: Context) -> None:
    make_slip(ctx, number="2026-000001", name="陳李美鳳")
    make_slip(ctx, number="2026-000002", name="林怡君", state="void")
    create_customer(ctx, CustomerForm("王大明", kind="wholesale"))
    assert [row.name for row in find_customers(ctx, "", kind=BOUGHT)] == ["陳李美鳳"]
    assert [line.row.name for line in find_list(ctx, kind=BOUGHT, sort=("code", False))] == ["陳李美鳳"]
    assert count_customers(ctx, kind=BOUGHT) == 1
