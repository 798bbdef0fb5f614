"""The manager's numbers and the choice of packs: kept with who and why, told to everybody, never over a colleague's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from crmdesk.core.errors import ConflictError, NeedsConfirmation, PermissionDenied, UserError, ValidationError
from crmdesk.db.changes import Notice
from crmdesk.model.office import PolicyOverride
from crmdesk.rules.policies import DEFAULT_ACTIVE
from crmdesk.services import policies
from crmdesk.services.context import Context
from crmdesk.services.office import find_misfits, load_office, load_policy, save_office
from crmdesk.services.setup import reload_office
from tests.helpers.office import Staff

CLAUSE, KEY = "CALL-01", "apologise_rings"


def stored(ctx: Context) -> int:
    return load_policy(ctx.db).number(CLAUSE, KEY)


class Board:
    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def hear(self, notice: Notice) -> None:
        self.notices.append(notice)


@pytest.fixture
def board(ctx: Context) -> Board:
    made = Board()
    ctx.changes.subscribe(made.hear)
    return made


def test_a_number_is_kept_with_who_when_and_why(ctx: Context, board: Board) -> None:
    policies.set_number(ctx, CLAUSE, KEY, "4", why="We are quicker")
    assert stored(ctx) == 4
    change = policies.find_changes(ctx)[CLAUSE, KEY]
    assert change == ("林經理", "2026-11-22", "We are quicker")
    assert change.words == "林經理, 2026-11-22: We are quicker"
    assert any(notice.touches("policy") for notice in board.notices), "every PC reads the regulation again"


def test_the_packs_number_comes_back(ctx: Context, board: Board) -> None:
    policies.set_number(ctx, CLAUSE, KEY, "4")
    policies.clear_number(reload_office(ctx), CLAUSE, KEY)
    assert stored(ctx) == 5 and policies.find_changes(ctx) == {}
    assert board.notices[-1].touches("policy")


def test_a_number_a_colleague_just_set_is_not_overwritten(ctx: Context, staff: Staff) -> None:
    other = ctx.acting_as(replace(staff.wu, roles=("manager",)))
    policies.set_number(other, CLAUSE, KEY, "3")
    with pytest.raises(ConflictError) as refused:
        policies.set_number(ctx, CLAUSE, KEY, "4")
    assert refused.value.by == "吳品管" and refused.value.fields == (KEY,) and stored(ctx) == 3
    fresh = reload_office(ctx)
    with pytest.raises(ConflictError):
        policies.set_number(fresh, CLAUSE, KEY, "4", seen=None)  # the window still shows the pack's number
    policies.set_number(fresh, CLAUSE, KEY, "4", seen=3)
    assert stored(ctx) == 4


def test_a_number_a_colleague_took_back_is_a_conflict_too(ctx: Context) -> None:
    policies.set_number(ctx, CLAUSE, KEY, "3")
    fresh = reload_office(ctx)
    policies.clear_number(ctx, CLAUSE, KEY)
    with pytest.raises(ConflictError):
        policies.set_number(fresh, CLAUSE, KEY, "4")


@pytest.mark.parametrize("written", ["", "four", "-1", "1.5", "1e3", "٤٤x"])
def test_what_is_no_number_is_refused_under_the_field(ctx: Context, written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        policies.set_number(ctx, CLAUSE, KEY, written)
    assert list(refused.value.fields) == ["value"] and refused.value.clause == CLAUSE and stored(ctx) == 5


def test_fractions_and_times_of_day_keep_their_type(ctx: Context) -> None:
    policies.set_number(ctx, "CMP-29", "quality_days", "1.5")
    assert load_policy(ctx.db).decimal("CMP-29", "quality_days") == Decimal("1.5")
    policies.choose_packs(ctx, (*ctx.policy.active, "projects"), confirmed=True)
    fresh = reload_office(ctx)
    policies.set_number(fresh, "CALL-15", "from", "08:30")
    assert f"{load_policy(ctx.db).value('CALL-15', 'from'):%H:%M}" == "08:30"
    with pytest.raises(ValidationError):
        policies.set_number(reload_office(ctx), "CALL-15", "from", "25:30")


def test_only_who_may_changes_numbers_and_packs(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    for work in (
        lambda: policies.set_number(mei, CLAUSE, KEY, "4"),
        lambda: policies.clear_number(mei, CLAUSE, KEY),
        lambda: policies.choose_packs(mei, ("factory",), confirmed=True),
    ):
        with pytest.raises(PermissionDenied):
            work()
    assert stored(ctx) == 5 and load_office(ctx.db).packs == DEFAULT_ACTIVE


def test_a_number_of_a_pack_not_added_yet_counts_from_the_day_it_is_added(ctx: Context) -> None:
    shipped = ctx.policy.value("TOUR-01", "notice_days")
    policies.set_number(ctx, "TOUR-01", "notice_days", "5", why="Before the season")
    ctx = reload_office(ctx)
    assert "TOUR-01" not in ctx.policy and ctx.policy.value("TOUR-01", "notice_days") == shipped
    assert ctx.policy.everything["TOUR-01"].number("notice_days").value == 5  # shown beforehand
    policies.choose_packs(ctx, (*ctx.policy.active, "tours"), confirmed=True)
    ctx = reload_office(ctx)
    assert ctx.policy.number("TOUR-01", "notice_days") == 5
    policies.clear_number(ctx, "TOUR-01", "notice_days")
    assert reload_office(ctx).policy.value("TOUR-01", "notice_days") == shipped
    with pytest.raises(UserError):
        policies.set_number(ctx, "TOUR-01", "moons", "5")


# the choice of packs ------------------------------------------------------------------------------------------------


def test_the_choice_asks_and_then_counts_everywhere(ctx: Context, board: Board) -> None:
    packs = ("factory", "showroom")
    with pytest.raises(NeedsConfirmation) as asked:
        policies.choose_packs(ctx, packs)
    assert asked.value.key == "packs" and load_office(ctx.db).packs == DEFAULT_ACTIVE
    policies.choose_packs(ctx, packs, confirmed=True)
    fresh = reload_office(ctx)
    assert fresh.policy.active == packs == fresh.office.packs and fresh.policy.name == "factory"
    assert board.notices[-1].touches("office")


def test_what_would_change_is_told_before(ctx: Context) -> None:
    effects = {effect.key: effect for effect in policies.find_effects(ctx.policy, ("factory", "showroom"))}
    finish = effects["complaint_finish_domestic"]
    assert finish.before is not None and finish.before.clause.id == "CMP-72"
    assert finish.after is not None and (finish.after.clause.id, finish.after.number.value) == ("CMP-41", 15)
    assert effects["callback_check"].after is None, "the property pack is gone"
    assert "visit_report" not in effects, "the showroom still has it"
    assert policies.find_effects(ctx.policy, ctx.policy.active) == []
    assert policies.find_orders(ctx.policy, ctx.policy.active) == []


def test_a_pack_taken_away_keeps_the_numbers_set_in_it(ctx: Context) -> None:
    policies.set_number(ctx, "CMP-30", "report_days", "5")
    ctx = reload_office(ctx)
    policies.choose_packs(ctx, ("showroom",), confirmed=True)
    ctx = reload_office(ctx)
    assert "CMP-30" not in ctx.policy and find_misfits(ctx.db) == {}
    policies.choose_packs(ctx, ("showroom", "factory"), confirmed=True)
    assert load_policy(ctx.db).number("CMP-30", "report_days") == 5


@pytest.mark.parametrize("packs", [(), ("moon",), ("showroom", "moon")])
def test_without_a_home_or_with_an_unknown_pack_nothing_is_saved(ctx: Context, packs: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        policies.choose_packs(ctx, packs, confirmed=True)
    assert list(refused.value.fields) == ["packs"] and load_office(ctx.db).packs == DEFAULT_ACTIVE


def test_a_choice_a_colleague_just_made_is_not_overwritten(ctx: Context) -> None:
    policies.choose_packs(ctx, ("bank",), confirmed=True)
    with pytest.raises(ConflictError):
        policies.choose_packs(ctx, ("factory",), confirmed=True)
    assert load_office(ctx.db).packs == ("bank",)


def test_the_offices_settings_do_not_undo_the_choice(ctx: Context) -> None:
    policies.choose_packs(ctx, ("bank",), confirmed=True)
    save_office(ctx, replace(ctx.office, phone="04-1111-2222"))  # a form that was open before
    assert load_office(ctx.db).packs == ("bank",) and load_office(ctx.db).phone == "04-1111-2222"


def test_a_number_no_pack_knows_does_not_lock_the_office_out(ctx: Context) -> None:
    policies.set_number(ctx, CLAUSE, KEY, "4")
    with ctx.transaction("A number of another version") as session:
        session.add(PolicyOverride(clause="CALL-99", name="moons", value=3, at=ctx.clock.now(), by="x"))
        session.add(PolicyOverride(clause="RCPT-01", name="greet_seconds", value="soon", at=ctx.clock.now(), by="x"))
    policy = load_policy(ctx.db)
    assert policy.number(CLAUSE, KEY) == 4 and policy.number("RCPT-01", "greet_seconds") == 60
    assert set(find_misfits(ctx.db)) == {"CALL-99.moons", "RCPT-01.greet_seconds"}
