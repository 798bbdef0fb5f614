"""Checklists in use: begun, ticked by named persons, some lines by two, done; templates of the manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crmdesk.core import i18n
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.checklist import Checklist, ChecklistTick
from crmdesk.rules.policies import shipped
from crmdesk.services import checklists, closing, records, visits
from crmdesk.services.checklist_forms import LineForm, Template, TemplateForm
from crmdesk.services.context import Context
from crmdesk.services.today import get_board
from crmdesk.services.visits import VisitForm
from tests.helpers.office import PASSWORD, Staff, count_queries

JPEG = b"\xff\xd8 a photo"


def home(ctx: Context, *packs: str) -> Context:
    """The same office working by other packs."""
    return replace(ctx, policy=shipped().with_packs(packs))


def template(ctx: Context, key: str) -> Template:
    return next(found for found in checklists.find_templates(ctx, everything=True) if found.key == key)


def keys(ctx: Context, show: str = "today") -> list[str]:
    return [row.key for row in checklists.find_checklists(ctx, show=show)]


def own(ctx: Context, *lines: LineForm, **more: Any) -> str:
    return checklists.save_template(ctx, TemplateForm("週末", lines or (LineForm("鎖門"),), **more))


# the day ------------------------------------------------------------------------------------------------------------


def test_daily_lists_of_the_home_pack_are_there_by_themselves(ctx: Context) -> None:
    rows = checklists.find_checklists(ctx)
    assert [row.key for row in rows] == ["closing"] and rows[0].id is None
    assert (rows[0].ticked, rows[0].total, rows[0].state) == (0, 5, "open")
    office = home(ctx, "property", "showroom")
    today = checklists.find_checklists(office)
    assert [(row.key, row.turn) for row in today] == [("round", 1), ("round", 2), ("cleaning", 1)]
    assert [row.name for row in today][:2] == ["Round of the public areas 1", "Round of the public areas 2"]


def test_a_closed_day_asks_for_nothing(ctx: Context) -> None:
    shut = replace(ctx, office=replace(ctx.office, hours=("09:00-18:00",) * 6 + ("",)))
    assert keys(shut) == []  # the test's day is a Sunday
    assert checklists.find_closing(shut, always=True) is None


def test_a_day_and_a_list_are_read_in_three_statements(ctx: Context) -> None:
    first = checklists.begin(ctx, "closing", turn=1)
    checklists.tick(ctx, first, "web")
    with count_queries(ctx) as seen:
        checklists.find_checklists(ctx)
    assert len(seen) <= 3
    with count_queries(ctx) as seen:
        checklists.find_checklists(ctx, show="past")
    assert len(seen) <= 3


def test_a_list_is_begun_once_however_many_open_it(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    first = checklists.begin(ctx, "closing", turn=1)
    assert checklists.begin(mei, "closing", turn=1) == first
    row = checklists.find_checklists(ctx)[0]
    assert (row.id, row.begun_by) == (first, ctx.user.name)
    handover = checklists.begin(home(ctx, "property"), "shift_handover")
    again = checklists.begin(home(ctx, "property"), "shift_handover")
    assert handover != again  # a further one each time
    assert checklists.get_checklist(ctx, again).row.turn == 2


def test_the_database_itself_keeps_a_turn_single(ctx: Context) -> None:
    first = checklists.begin(ctx, "closing", turn=1)
    with ctx.reading() as session:
        found = session.get_one(Checklist, first)
    with pytest.raises(IntegrityError), ctx.transaction("Again") as session:
        session.add(
            Checklist(
                key="closing", name="x", title={}, lines=[], day=found.day, begun_at=found.begun_at, begun_by="x",
                created_at=found.begun_at,
            )
        )  # fmt: skip


def test_each_desk_sees_its_own_lists(ctx: Context, staff: Staff) -> None:
    wen = ctx.acting_as(staff.wen)  # packing only
    assert keys(wen) == []
    listed = checklists.begin(ctx, "closing", turn=1)
    for call in (
        lambda: checklists.begin(wen, "closing", turn=1),
        lambda: checklists.get_checklist(wen, listed),
        lambda: checklists.get_template(wen, "closing"),
        lambda: checklists.tick(wen, listed, "web"),
        lambda: checklists.finish(wen, listed),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_a_list_of_each_station_stands_on_each(ctx: Context) -> None:
    key = own(ctx, daily=True, each_station=True)
    other = replace(ctx, station="Reception 2")
    first = checklists.begin(ctx, key, turn=1)
    second = checklists.begin(other, key, turn=1)
    assert first != second
    assert [row.id for row in checklists.find_checklists(other) if row.key == key] == [second]


def test_a_list_may_be_begun_for_a_record(ctx: Context) -> None:
    listed = checklists.begin(ctx, "departure", kind="repair", record_id=5)
    assert [row.id for row in checklists.find_of_record(ctx, "repair", 5)] == [listed]
    assert checklists.find_of_record(ctx, "repair", 6) == []


# ticks --------------------------------------------------------------------------------------------------------------


def test_who_ticked_when_and_where_is_written(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    mei = ctx.acting_as(staff.mei)
    listed = checklists.begin(ctx, "closing", turn=1)
    checklists.tick(mei, listed, "web")
    line = checklists.get_checklist(ctx, listed).line("web")
    assert line is not None and line.tick is not None
    assert (line.state, line.tick.by, line.tick.at) == ("ticked", "王小美", clock.now())
    with pytest.raises(UserError, match="王小美"):
        checklists.tick(ctx, listed, "web")


def test_a_tick_taken_back_stays_in_the_book(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    listed = checklists.begin(ctx, "closing", turn=1)
    checklists.tick(ctx, listed, "web")
    clock.advance(timedelta(minutes=5))
    checklists.untick(ctx.acting_as(staff.mei), listed, "web")
    checklists.tick(ctx, listed, "web")
    with ctx.reading() as session:
        ticks = session.scalars(select(ChecklistTick).order_by(ChecklistTick.id)).all()
    assert [(tick.by, tick.undone_by) for tick in ticks] == [("林經理", "王小美"), ("林經理", "")]
    with pytest.raises(UserError):
        checklists.untick(ctx, listed, "till")


@pytest.mark.clause("SEND-06", "RCPT-04", "SET-07")
def test_the_closing_list_shows_what_the_program_sees(ctx: Context) -> None:
    listed = checklists.begin(ctx, "closing", turn=1)
    sheet = checklists.get_checklist(ctx, listed)
    assert [line.seen.ok if line.seen else None for line in sheet.lines] == [True, True, None, True, None]
    guest = visits.check_in(ctx, VisitForm("王"))
    visits.give_key(ctx, guest, visits.get_visit(ctx, guest).version, 7)
    sheet = checklists.get_checklist(ctx, listed)
    assert [line.seen.text for line in sheet.lines if line.seen][:2] == ["1 guest is in the house.", "Keys out: 07"]
    with pytest.raises(ValidationError) as refused:
        checklists.tick(ctx, listed, "keys")
    assert refused.value.clause == "RCPT-04" and "Keys out: 07" in refused.value.fields["note"]
    checklists.tick(ctx, listed, "keys", note="客人明天來還")


def test_a_note_or_a_photo_is_asked_for(ctx: Context) -> None:
    listed = checklists.begin(ctx, "closing", turn=1)
    with pytest.raises(ValidationError) as refused:
        checklists.tick(ctx, listed, "till", note="  ")
    assert set(refused.value.fields) == {"note"}
    checklists.tick(ctx, listed, "till", note="NT$ 12,300")
    office = home(ctx, "security")
    inspection = checklists.begin(office, "inspection")
    for photo in (None, b"GIF89a"):
        with pytest.raises(ValidationError) as refused:
            checklists.tick(office, inspection, "register", photo=photo)
        assert set(refused.value.fields) == {"photo"}
    checklists.tick(office, inspection, "register", photo=JPEG)
    assert checklists.get_photo(office, inspection, "register") == JPEG
    assert checklists.get_photo(office, inspection, "front") is None


# shift handover -----------------------------------------------------------------------------------------------------


def handed_over(ctx: Context, *but: str) -> int:
    """A handover on which everything is ticked and signed by two, but some lines."""
    listed = checklists.begin(ctx, "shift_handover")
    for line in template(ctx, "shift_handover").lines:
        if line.key not in but:
            second = {"login": "mei", "password": PASSWORD} if line.second else {}
            checklists.tick(ctx, listed, line.key, note="—" if line.note else "", **second)
    return listed


@pytest.mark.clause("DUTY-08", "DUTY-09", "DUTY-10", "DUTY-11")
def test_a_shift_is_taken_over_only_when_nothing_is_refused(ctx: Context) -> None:
    office = home(ctx, "property")
    for key, clause in (
        ("record", "DUTY-08"), ("articles", "DUTY-09"), ("open_items", "DUTY-10"), ("record_clear", "DUTY-11"),
        ("place_clean", "DUTY-11"), ("articles_there", "DUTY-11"), ("repairs_done", "DUTY-11"),
    ):  # fmt: skip
        listed = handed_over(office, key)
        with pytest.raises(UserError) as refused:
            checklists.finish(office, listed)
        assert refused.value.clause == clause
    checklists.report_fault(office, listed, "repairs_done", "冷氣還沒修好")
    assert checklists.get_checklist(office, listed).row.faults == 1
    with pytest.raises(UserError):
        checklists.finish(office, listed)
    checklists.tick(office, listed, "repairs_done", login="mei", password=PASSWORD)
    checklists.finish(office, listed)
    row = checklists.get_checklist(office, listed).row
    assert (row.state, row.done_by, row.faults) == ("done", "林經理", 0)
    story = records.find_story(office, "checklist", listed)
    assert [line.action for line in story] == ["done", "fault", "begin"] and story[1].note == "冷氣還沒修好"


@pytest.mark.clause("DUTY-09", "DUTY-10")
def test_both_sign_and_they_are_two(ctx: Context, staff: Staff) -> None:
    office = home(ctx, "property")
    listed = checklists.begin(office, "shift_handover")
    with pytest.raises(UserError, match="first person"):
        checklists.sign_second(office, listed, "articles", login="mei", password=PASSWORD)
    checklists.tick(office, listed, "articles")
    assert checklists.get_checklist(office, listed).line("articles").state == "half"  # type: ignore[union-attr]  # it was made above
    for login, password in (("boss", PASSWORD), ("mei", "wrong")):
        with pytest.raises(UserError):
            checklists.sign_second(office, listed, "articles", login=login, password=password)
    with pytest.raises(UserError, match="somebody else"):
        checklists.tick(office, listed, "articles")
    assert checklists.sign_second(office, listed, "articles", login="mei", password=PASSWORD) == "王小美"
    checklists.tick(office, listed, "read")
    checklists.tick(office.acting_as(staff.ming), listed, "read")  # the other one, signed in on another PC
    assert checklists.get_checklist(office, listed).line("read").tick.second == "李阿明"  # type: ignore[union-attr]  # it was made above
    with pytest.raises(UserError):
        checklists.sign_second(office, listed, "read", login="mei", password=PASSWORD)


def test_who_does_not_work_at_the_desk_does_not_sign_for_it(ctx: Context) -> None:
    key = own(ctx, LineForm("一起數現金", second=True), desk="reception")
    listed = checklists.begin(ctx, key)
    checklists.tick(ctx, listed, "line2")
    with pytest.raises(UserError, match="張文華"):
        checklists.sign_second(ctx, listed, "line2", login="wen", password=PASSWORD)


# done ---------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CALL-13")
def test_the_office_is_closed_with_its_list(ctx: Context, clock: FixedClock) -> None:
    assert checklists.find_closing(ctx) is None  # in the morning nobody speaks of it
    clock.advance(timedelta(hours=8))  # 17:41, the office closes at 18:00
    assert checklists.find_closing(ctx).id is None  # type: ignore[union-attr]  # it was made above
    listed = checklists.begin(ctx, "closing", turn=1)
    for key in ("guests", "keys", "web"):
        checklists.tick(ctx, listed, key)
    checklists.tick(ctx, listed, "till", note="0")
    with pytest.raises(UserError, match="fax") as refused:
        checklists.finish(ctx, listed)
    assert refused.value.clause == "CALL-13"
    closing.tick_fax(ctx, True)
    checklists.finish(ctx, listed)
    assert checklists.find_closing(ctx) is None
    for step in (lambda: checklists.untick(ctx, listed, "web"), lambda: closing.tick_fax(ctx, False)):
        with pytest.raises(UserError, match="done"):
            step()
    clock.advance(timedelta(days=1))
    assert [row.id for row in checklists.find_checklists(ctx, show="past")] == [listed]
    assert keys(ctx, "open") == []


@pytest.mark.clause("CALL-13")
def test_the_fax_is_one_fact_at_the_board_and_in_the_list(ctx: Context, staff: Staff) -> None:
    listed = checklists.begin(ctx, "closing", turn=1)
    checklists.tick(ctx.acting_as(staff.mei), listed, "fax")
    assert closing.find_fax(ctx).by == "王小美"  # type: ignore[union-attr]  # it was made above
    closing.tick_fax(ctx, False)
    assert checklists.get_checklist(ctx, listed).line("fax").state == "open"  # type: ignore[union-attr]  # it was made above
    assert closing.asks_fax(ctx) and not closing.asks_fax(home(ctx, "bank"))


def test_a_list_left_open_is_found_the_next_day(ctx: Context, clock: FixedClock) -> None:
    listed = checklists.begin(ctx, "closing", turn=1)
    clock.advance(timedelta(days=1))
    assert [row.id for row in checklists.find_checklists(ctx, show="open")] == [listed]
    assert checklists.find_checklists(ctx, "clos", show="open")
    assert not checklists.find_checklists(ctx, "x", show="open")


def test_cash_of_the_day_is_shown(ctx: Context) -> None:
    seen = checklists.see(ctx, "till")
    assert seen is not None and seen.ok and "0" in seen.text
    assert checklists.see(ctx, "web") is None


# templates ----------------------------------------------------------------------------------------------------------


def test_the_manager_writes_a_list_and_retires_it(ctx: Context, staff: Staff) -> None:
    key = own(ctx, LineForm("鎖門"), LineForm("關燈", optional=True), daily=True)
    assert keys(ctx) == [key, "closing"]
    found = template(ctx, key)
    assert [line.key for line in found.lines] == ["line3", "line4"]
    listed = checklists.begin(ctx, key, turn=1)
    checklists.retire_template(ctx, key, found.version)
    assert key in keys(ctx)  # it was begun: it may still be done
    with pytest.raises(UserError):
        checklists.begin(ctx, key)
    checklists.tick(ctx, listed, "line3")
    checklists.finish(ctx, listed)
    checklists.retire_template(ctx, key, template(ctx, key).version, active=True)
    assert checklists.begin(ctx, key)
    for call in (
        lambda: checklists.save_template(ctx.acting_as(staff.mei), TemplateForm("x", (LineForm("x"),))),
        lambda: checklists.retire_template(ctx.acting_as(staff.mei), key, 1),
        lambda: checklists.restore_template(ctx.acting_as(staff.mei), key, 1),
    ):
        with pytest.raises(PermissionDenied):
            call()


def as_form(found: Template) -> TemplateForm:
    lines = tuple(
        LineForm(line.text["en"], line.key, line.clause, line.second, line.photo, line.note, line.optional)
        for line in found.lines
    )
    return TemplateForm(found.title["en"], lines, found.desk, found.daily, found.each_station)


def test_a_changed_list_keeps_its_other_languages_and_goes_back(ctx: Context) -> None:
    form = as_form(template(ctx, "closing"))
    listed = checklists.begin(ctx, "closing", turn=1)
    keys_line = replace(form.lines[1], text="Keys on the board")
    order = (form.lines[4], form.lines[0], keys_line, LineForm("Water the plant"))
    checklists.save_template(ctx, replace(form, lines=order), "closing")
    found = template(ctx, "closing")
    assert found.changed and [line.key for line in found.lines] == ["fax", "guests", "keys", "line5"]
    with i18n.using("zh_TW"):
        words = [line.text["zh_TW"] for line in found.lines]
        assert words[:3] == ["傳真機已設為自動接收", "客人都已送走", "Keys on the board"]
    assert len(checklists.get_checklist(ctx, listed).lines) == 5  # begun before: it stays as it was
    with pytest.raises(ConflictError):
        checklists.save_template(ctx, form, "closing", 99)
    checklists.restore_template(ctx, "closing", found.version)
    assert not template(ctx, "closing").changed
    with pytest.raises(UserError):
        checklists.restore_template(ctx, "closing", 0)


def test_an_added_packs_daily_list_becomes_daily_by_the_manager(ctx: Context) -> None:
    assert "cleaning" not in keys(ctx)
    checklists.save_template(ctx, replace(as_form(template(ctx, "cleaning")), daily=True), "cleaning")
    assert "cleaning" in keys(ctx)
    checklists.retire_template(ctx, "round", 0)
    assert not template(ctx, "round").active


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (TemplateForm(" ", (LineForm("x"),)), {"title"}),
        (TemplateForm("x" * 81, (LineForm("x"),)), {"title"}),
        (TemplateForm("x", ()), {"lines"}),
        (TemplateForm("x", (LineForm("x"), LineForm(" "))), {"line.2"}),
        (TemplateForm("x", (LineForm("x", clause="ABC-99"),)), {"line.1"}),
        (TemplateForm("x", (LineForm("x"),), desk="lobby"), {"desk"}),
        (TemplateForm("x", (LineForm("x"),) * 61), {"lines"}),
    ],
)
def test_a_list_with_something_wrong_is_told_where(desk: Context, form: TemplateForm, fields: set[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        checklists.save_template(desk, form)
    assert set(refused.value.fields) == fields


# the board of today -------------------------------------------------------------------------------------------------


@pytest.mark.clause("PHR-07")
def test_the_closing_list_and_begun_lists_stand_on_the_board_of_today(ctx: Context, staff: Staff) -> None:
    def tasks(who: Context) -> dict[str, object]:
        mine = ("closing_list", "checklist_begun")
        return {task.duty: task.due_at for task in get_board(who).tasks if task.duty in mine}

    mei = ctx.acting_as(staff.mei)
    assert tasks(mei) == {"closing_list": checklists.closing_time(ctx)}
    assert tasks(ctx.acting_as(staff.wen)) == {}  # it is the reception's
    listed = checklists.begin(mei, "staff_code")
    assert set(tasks(mei)) == {"closing_list", "checklist_begun"}
    for line in checklists.get_checklist(mei, listed).lines:
        checklists.tick(mei, listed, line.line.key)
    checklists.finish(mei, listed)
    closing_list = checklists.begin(mei, "closing", turn=1)
    assert set(tasks(mei)) == {"closing_list"}
    for line in checklists.get_checklist(mei, closing_list).lines:
        checklists.tick(mei, closing_list, line.line.key, note="0")
    checklists.finish(mei, closing_list)
    assert tasks(mei) == {}
