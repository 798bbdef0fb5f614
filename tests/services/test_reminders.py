"""What the program says by itself: once at opening, once before closing, each warning step once; never at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.model.call import Call
from crmdesk.rules.policies import Policy
from crmdesk.services.context import Context
from crmdesk.services.reminders import Memory, Spoken, speak
from crmdesk.services.today import get_board

HOUR = timedelta(hours=1)
OPEN = ("09:00-18:00",) * 7


@pytest.fixture
def office(desk: Context) -> Context:
    return replace(desk, office=replace(desk.office, hours=OPEN, holidays=""))


def promise(ctx: Context, hours: float) -> None:
    now = ctx.clock.now()
    with ctx.transaction("Fill") as session:
        session.add(
            Call(created_at=now, number=f"N{hours}", started_at=now, answered_by_id=ctx.user.id, state="done",
                 caller_name="陳", callback_at=now + timedelta(hours=hours))
        )  # fmt: skip


def say(ctx: Context, memory: Memory) -> Spoken:
    return speak(ctx, get_board(ctx), memory)


def test_one_summary_at_opening_even_after_a_restart(office: Context, clock: FixedClock) -> None:
    promise(office, 2)
    first = say(office, Memory())
    assert first.text.startswith("Today:") and "due today" in first.text
    assert say(office, first.memory).text == ""
    clock.advance(24 * HOUR)
    assert say(office, first.memory).text.startswith("Today:")


def test_one_summary_before_closing(office: Context, clock: FixedClock) -> None:
    promise(office, -3)
    memory = say(office, Memory()).memory
    clock.advance(timedelta(hours=7, minutes=50))  # 17:31
    said = say(office, memory)
    assert said.text.startswith("Before closing:") and "overdue" in said.text
    clock.advance(timedelta(minutes=5))
    assert say(office, said.memory).text == ""


def test_quiet_outside_the_opening_hours(office: Context, clock: FixedClock) -> None:
    promise(office, 10)
    memory = say(office, Memory()).memory
    clock.advance(9 * HOUR)  # 18:41
    night = say(office, memory)
    assert night.text == ""
    clock.advance(3 * HOUR)  # the promise has passed in the night
    assert say(office, night.memory).text == ""
    assert get_board(office).count("overdue")  # the board still works
    clock.advance(-9 * HOUR)  # 12:41 of a day the office is closed on
    closed = replace(office, office=replace(office.office, own_days=((office.clock.today(), "", "盤點"),)))
    assert say(closed, Memory()).text == ""


def test_each_step_speaks_once(office: Context, clock: FixedClock) -> None:
    promise(office, 1)
    memory = say(office, Memory()).memory
    clock.advance(timedelta(minutes=50))
    said = say(office, memory)
    assert said.text == ""
    clock.advance(timedelta(minutes=11))
    said = say(office, said.memory)
    assert "Call back as promised" in said.text and said.tone == "warning"
    assert say(office, said.memory).text == ""


def test_the_steps_of_the_clause_decide(office: Context, clock: FixedClock) -> None:
    clause = office.policy.clause("CALL-11")
    clauses = {**office.policy.clauses, "CALL-11": replace(clause, warnings=("-2h", "+1d"))}
    policy: Policy = replace(office.policy, clauses=clauses)
    early = replace(office, policy=policy)
    promise(early, 2.5)
    memory = say(early, Memory()).memory
    clock.advance(timedelta(minutes=31))  # two hours before it is due
    said = say(early, memory)
    assert "Call back as promised" in said.text and said.tone == "info"
    clock.advance(2 * HOUR)  # due, but the clause doesn't speak then
    assert say(early, said.memory).text == ""


def test_many_steps_are_one_sentence(office: Context, clock: FixedClock) -> None:
    for minutes in (30, 40, 50):
        promise(office, minutes / 60)
    memory = say(office, Memory()).memory
    clock.advance(HOUR)
    assert "3 tasks" in say(office, memory).text


def test_a_clock_set_back_repeats_nothing(office: Context, clock: FixedClock) -> None:
    promise(office, 1)
    memory = say(office, Memory()).memory
    clock.advance(timedelta(minutes=61))
    memory = say(office, memory).memory
    clock.advance(-HOUR)
    back = say(office, memory)
    assert back.text == ""
