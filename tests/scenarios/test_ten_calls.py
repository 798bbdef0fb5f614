"""Ten calls in a row at the reception, by keyboard alone, in the whole program; then what the office's data holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from crmdesk.core.clock import FixedClock
from crmdesk.db.engine import sqlite_url
from crmdesk.services import calls, complaints, customers, drafts, matters, missed_calls, repairs
from crmdesk.services.backups import backup_now
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customer_search import find_customers
from crmdesk.services.records import find_timeline
from crmdesk.ui import theme
from tests.helpers.office import Staff
from tests.scenarios import half_call
from tests.scenarios.reception_keys import Alt, Ctrl, Enter, Key, Reception

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def office(desk: Context, staff: Staff) -> Context:
    """The office before the morning: one customer with a number, today's backup made."""
    backup_now(desk)
    mei = desk.acting_as(staff.mei)
    form = CustomerForm("陳李美鳳", kind="wholesale", gender="f", region="臺中", phones=(PhoneEntry("0912345678"),))
    customers.create_customer(mei, form)
    return mei


@pytest.fixture
def url(office: Context) -> str:
    """The office's file."""
    return sqlite_url(Path(str(office.db.engine.url.database)))


@pytest.fixture
def doomed(url: str) -> Iterator[subprocess.Popen[str]]:
    """A program in a process of its own, with somebody signed in, that will be killed."""
    command = [sys.executable, "-m", half_call.__name__, url]
    pipe = subprocess.PIPE
    made = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
    yield made
    made.kill()
    made.communicate()


@pytest.fixture
def reception(
    doomed: subprocess.Popen[str], qapp: QApplication, clock: FixedClock, office: Context, url: str
) -> Iterator[Reception]:
    theme.apply(qapp, dark=False)
    made = Reception(qapp, clock, url)
    made.sign_in("mei")
    yield made
    made.close()


def cut_the_power(program: subprocess.Popen[str]) -> None:
    """Let the other process type half a call, and kill it once its draft is kept."""
    assert program.stdin is not None and program.stdout is not None
    assert program.stdout.readline() == "signed in\n"
    program.stdin.write("go\n")
    program.stdin.flush()
    assert program.stdout.readline() == "kept\n"
    program.kill()
    assert program.wait() == -9


@pytest.mark.clause("CALL-06")
@pytest.mark.clause("CALL-07")
@pytest.mark.clause("CALL-08")
@pytest.mark.clause("CALL-10")
@pytest.mark.clause("CALL-12")
@pytest.mark.clause("CALL-28")
@pytest.mark.clause("CALL-29")
def test_ten_calls_in_a_row(
    qapp: QApplication, reception: Reception, doomed: subprocess.Popen[str], office: Context, url: str
) -> None:
    r = reception

    r.answer("+886912345678")  # 1: a customer
    assert r.sheet_value("name") == "陳李美鳳"
    r.reason("補貨")
    r.type("要補十條細鍊")
    r.walk_to(r.page.form_view.hung_up)
    r.press(Key.Key_Space)
    r.complete()

    r.answer("0423456789", "王先生")  # 2: nobody knows the number; the telephone knows a name
    assert r.sheet_value("name") == "王先生"
    r.stranger("", "問批發條件")
    r.complete()

    r.answer("0912345678")  # 3: two matters, the second is followed up
    r.reason("價格")
    r.type("問新戒指的價格")
    r.press(Key.Key_6, Alt)
    r.press(Enter)
    r.type("上次的帳單不對")
    r.press(Key.Key_Escape)
    r.complete()

    r.answer("0223456781")  # 4: for a colleague
    r.stranger("李老闆", "找李阿明")
    r.press(Key.Key_4, Alt)
    r.type("李阿明")
    r.press(Enter)
    r.type("李老闆找你談包裝")
    r.press(Enter)

    r.answer("0223456782")  # 5: more than the receptionist may promise
    r.stranger("趙小姐", "要求打七折")
    r.press(Key.Key_5, Alt)
    r.press(Key.Key_Down)
    r.press(Enter, Ctrl)

    r.answer("0912345678")  # 6: a complaint
    r.reason("客訴")
    r.type("手鍊斷了")
    r.press(Key.Key_1, Alt)
    assert r.program.window.current_key == "complaints"
    view = r.program.window.page("complaints").new_view
    for _field in range(8):
        if view.form.field("title").hasFocus():
            break
        r.press(Key.Key_Tab)
    if not view.form.values()["title"]:
        r.type("手鍊斷了")
    r.press(Enter, Ctrl)

    r.answer("0912345678")  # 7: asks for a repair; the sheet of call 6 is still open: its read-back is missing
    r.complete()
    r.answer("0912345678")
    r.reason("修理")
    r.type("戒指要改圍")
    r.press(Key.Key_2, Alt)
    assert r.program.window.current_key == "repairs"
    r.type("R-1050")  # the customer stands there already
    r.walk_to(r.program.window.page("repairs").intake.form.field("part"))
    r.type("戒圍改小一號")
    r.press(Enter, Ctrl)  # goes to the tick that is missing
    r.press(Key.Key_Space)
    r.press_and_leave(Enter, Ctrl)  # its receipt can be printed another time
    r.press(Key.Key_F2)
    r.turn_to("matter", "戒指要改圍")  # the caller still waits for the read-back
    r.complete()

    r.answer("0223456783")  # 8: in the middle of it the telephone rings again
    r.stranger("孫先生", "問門市")
    half = r.sheet
    r.answer("0223456784")
    r.stranger("周太太", "問營業時間")
    r.complete()
    r.turn_to("matter", "問門市")
    assert r.sheet is half
    r.complete()

    r.close()
    before = len(drafts.find_drafts(office, "call"))
    cut_the_power(doomed)  # 9: the program dies in the middle of a word; it had kept a draft a moment before
    again = Reception(qapp, r.clock, url)
    try:
        again.sign_in("mei")
        again.press(Key.Key_F2)
        assert len(drafts.find_drafts(office, "call")) == before + 1
        again.turn_to("name", half_call.CALLER)
        assert again.sheet_value("matter").startswith(half_call.MATTER)
        assert again.sheet_value("phone").replace("-", "") == half_call.NUMBER
        again.complete()

        again.answer("0223456786")  # 10: a wrong number
        again.press(Key.Key_7, Alt)
        again.type("wrong")
        again.press(Key.Key_Escape) if again.sheet_value("outcome") else None
        again.press(Enter, Ctrl)
        again.ring("0223456787")  # and the one nobody took
        again.program.rings.close()
    finally:
        again.close()

    check_calls(office)
    check_what_followed(office)


def check_calls(office: Context) -> None:
    """Each of the ten is written once, as it was left, with whom it was with."""
    rows = calls.find_calls(office)
    found = {("要型錄" if row.matter.startswith("要型錄") else row.matter) or row.phone: row for row in rows}
    assert len(found) == len(rows) == 11  # the eighth was two: it rang in the middle
    assert {words: row.state for words, row in found.items()} == {
        "要補十條細鍊": "done", "問批發條件": "done", "問新戒指的價格": "done", "找李阿明": "transferred",
        "要求打七折": "escalated", "手鍊斷了": "done", "戒指要改圍": "done", "問門市": "done",
        "問營業時間": "done", "要型錄": "done", "02-2345-6786": "done",
    }  # fmt: skip
    card = {words: calls.get_call(office, row.id) for words, row in found.items()}
    chen = card["要補十條細鍊"]  # 1
    assert (chen.customer_name, chen.form.phone, len(chen.form.read_back)) == ("陳李美鳳", "0912-345-678", 3)
    assert chen.form.caller_hung_up_first and not card["問門市"].form.caller_hung_up_first
    asked = card["問批發條件"].form  # 2: the telephone's name, nobody's archive yet
    assert (asked.name, asked.phone, asked.region, asked.customer_id) == ("王先生", "04-2345-6789", "臺中", None)
    assert [entry.text for entry in card["問新戒指的價格"].form.matters] == ["", "上次的帳單不對"]  # 3
    passed = card["找李阿明"].form  # 4
    assert (passed.name, passed.transferred_to, passed.passed_on) == ("李老闆", "李阿明", "李老闆找你談包裝")
    assert card["要求打七折"].escalated_to == "林經理"  # 5
    for words in ("手鍊斷了", "戒指要改圍", "問新戒指的價格"):  # 3, 6, 7
        assert found[words].customer_id == found["要補十條細鍊"].customer_id
    assert card["問門市"].form.name == "孫先生" and card["問營業時間"].form.name == "周太太"  # 8
    cut = card["要型錄"].form  # 9: once, with what was typed before the power went
    assert (cut.name, cut.phone, cut.region) == ("吳先生", "02-2345-6785", "臺北")
    assert card["要型錄"].finished_at is not None
    assert card["02-2345-6786"].form.outcome == "wrong_number" and not card["02-2345-6786"].form.name  # 10
    assert drafts.find_drafts(office, "call") == []


def check_what_followed(office: Context) -> None:
    """The complaint, the repair, the matter and the missed call stand in their own desks, with the caller's name."""
    (chen,) = find_customers(office, "陳李美鳳")
    (case,) = complaints.find_complaints(office)
    complaint = complaints.get_complaint(office, case.id).form
    assert (complaint.title, complaint.customer_id) == ("手鍊斷了", chen.id) and complaint.call_id is not None
    (repair,) = repairs.find_repairs(office)
    assert (repair.state, repair.customer_id, repair.part) == ("received", chen.id, "戒圍改小一號")
    (asked,) = [call for call in calls.find_calls(office) if call.matter == "戒指要改圍"]
    assert repairs.get_repair(office, repair.id).form.call_id == asked.id
    (followed,) = [m for m in matters.find_matters(office) if m.text == "上次的帳單不對"]
    assert (followed.owner, followed.customer_id, followed.state) == ("王小美", chen.id, "accepted")
    assert [row.phone for row in missed_calls.find_missed(office)] == ["02-2345-6787"]
    told = [entry.title for entry in find_timeline(office, chen.id)]
    assert len(told) >= 6
