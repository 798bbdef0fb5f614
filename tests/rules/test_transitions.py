"""The engine and the six tables it walks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.rules import calls, complaints, packing, repairs, sales, visits
from crmdesk.rules.policies import load_default
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Transition, allowed, apply, different, filled, none_left, or_reason

MACHINES = [module.MACHINE for module in (calls, complaints, packing, repairs, sales, visits)]
ALL = frozenset(Right)
EVERY_STEP = [(machine, row, state) for machine in MACHINES for row in machine.transitions for state in row.from_]

# For each machine facts that let every step without a contradiction pass.
GOOD: dict[str, dict[str, Any]] = {
    "call": {
        "name": "單小姐", "matter": "catalogue", "region": "臺中", "reason": "opens a shop", "phone": "0912345678",
        "address": "", "late": False, "apologised": False, "read_back": ["phone", "name", "matter"],
        "transferred_to": "王小美", "told": True, "escalated_to": 3, "instruction": "send it",
        "cut_short": False, "unreached": False, "callback_at": "2026-11-23",
    },
    "complaint": {
        "next_reply": "2026-11-23", "clears": [tick.key for tick in complaints.CLEARS], "severity": "general",
        "manager_told": False, "department": "stock", "handler": 2, "cause": "c", "proposal": "p", "upheld": True,
        "reply": "r", "satisfied": True, "reason": "x",
    },
    "packing": {
        "customer_present": True, "counter": 1, "second": None, "second_signed": False, "open_lines": 0,
        "wrong_scans": 0, "crossed_lines": 0, "return_signatures": [], "cartons": 2,
        "ticks": [tick.key for tick in packing.PRESENT],
    },
    "repair": {
        "thai_silver": False, "code": "R-1", "part": "clasp", "customer": 5, "photos": 1,
        "told": ["duration", "may_differ"], "customer_told": "2026-11-22", "carrier": "順豐", "waybill": "SF1",
        "reason": "x",
    },
    "sale": {
        "customer": 5, "lines": 2, "consent": True, "signed": True,
        "settled": True, "returns_unsigned": False, "sealed": True, "reason": "x",
    },
    "visit": {
        "customer": 5, "purpose": "buy", "water": True, "locker": 7, "clerk": 2, "key_out": False, "unpaid": 0,
        "ticks": ["offered", "transport", "belongings"], "leave_reason": "",
    },
}  # fmt: skip


def facts(machine: Machine, **changes: Any) -> dict[str, Any]:
    return GOOD[machine.name] | changes


def test_a_table_that_names_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown state"):
        Machine("m", {"a": "A"}, (Transition("go", ("a",), "b", "x", "Go"),))


def test_a_table_with_two_ways_of_one_action_is_refused() -> None:
    rows = (Transition("go", ("a",), "b", "x", "Go"), Transition("go", ("a",), "a", "x", "Go"))
    with pytest.raises(ValueError, match="twice"):
        Machine("m", {"a": "A", "b": "B"}, rows)


def test_a_state_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing leads"):
        Machine("m", {"a": "A", "b": "B"}, ())


def test_what_is_not_known_fulfils_nothing() -> None:
    assert not none_left("unpaid", "", "").met({})
    assert none_left("unpaid", "", "").met({"unpaid": 0})
    assert not filled("name", "", "").met({"name": "  "})
    assert not different("a", "b", "", "").met({"a": None, "b": None})
    assert not different("a", "b", "", "").met({"a": 1, "b": 1})
    assert different("a", "b", "", "").met({"a": 1, "b": 2})
    assert or_reason(none_left("unpaid", "", ""), "why").met({"unpaid": 5, "why": "on account"})


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_clause_a_table_names_stands_in_the_pack(machine: Machine) -> None:
    policy = load_default()
    for row in machine.transitions:
        assert not row.clause or row.clause in policy
        assert row.right in ALL
        for need in row.needs:
            assert need.clause in policy, need
            assert re.fullmatch(r"[A-Z].*[.]", need.sentence), need
    assert set(GOOD[machine.name]) >= machine.facts


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_states_fit_their_column_and_every_record_can_end(machine: Machine) -> None:
    assert all(len(state) <= 20 for state in machine.states)
    ends = machine.final or {"closed"}
    for state in machine.states:
        seen = {state}
        while more := {row.to for row in machine.transitions if seen.intersection(row.from_)} - seen:
            seen |= more
        assert seen & ends, state


@pytest.mark.parametrize(("machine", "row", "state"), EVERY_STEP, ids=lambda value: getattr(value, "action", None))
def test_good_facts_pass_and_each_missing_fact_stops(machine: Machine, row: Transition, state: str) -> None:
    good = facts(machine, **({"upheld": False} if row.action == "not_upheld" else {}))
    assert apply(machine, state, row.action, ALL, good) == row.to
    for need in row.needs:
        assert need.met(good), need
    with pytest.raises(PermissionDenied) as denied:
        apply(machine, state, row.action, ALL - {Right(row.right)}, good)
    assert denied.value.clause == row.clause
    if row.needs:
        with pytest.raises(UserError) as refused:
            apply(machine, state, row.action, ALL, {})
        assert refused.value.clause
    shown = {step.action: step for step in allowed(machine, state, ALL, good)}
    assert shown[row.action].ready and shown[row.action].to == row.to


@given(st.sampled_from(MACHINES), st.data())
def test_what_is_shown_as_ready_is_what_may_be_done(machine: Machine, data: st.DataObject) -> None:
    state = data.draw(st.sampled_from(sorted(machine.states)))
    rights = data.draw(st.sets(st.sampled_from(sorted(Right))))
    known = data.draw(st.sets(st.sampled_from(sorted(machine.facts))))
    given_facts = {name: value for name, value in GOOD[machine.name].items() if name in known}
    ready = {step.action: step.to for step in allowed(machine, state, rights, given_facts) if step.ready}
    for action in {row.action for row in machine.transitions}:
        try:
            reached = apply(machine, state, action, rights, given_facts)
        except (UserError, PermissionDenied):
            assert action not in ready
        else:
            assert ready[action] == reached


def refusal(machine: Machine, state: str, action: str, **changes: Any) -> str:
    """Return the clause that refuses a step, '' when it passes."""
    try:
        apply(machine, state, action, ALL, facts(machine, **changes))
    except UserError as error:
        return error.clause
    return ""


REFUSED: list[tuple[Machine, str, str, dict[str, Any], str]] = [
    (calls.MACHINE, "draft", "finish", {"late": True}, "CALL-01"),
    (calls.MACHINE, "draft", "finish", {"reason": " "}, "CALL-06"),
    (calls.MACHINE, "draft", "finish", {"read_back": ["phone", "name"]}, "CALL-07"),
    (calls.MACHINE, "draft", "escalate", {"escalated_to": None}, "CALL-10"),
    (calls.MACHINE, "draft", "transfer", {"told": ""}, "CALL-12"),
    (visits.MACHINE, "greeted", "enter", {"customer": None}, "RCPT-02"),
    (visits.MACHINE, "greeted", "enter", {"purpose": ""}, "RCPT-03"),
    (visits.MACHINE, "leaving", "check_out", {"key_out": True}, "RCPT-04"),
    (visits.MACHINE, "greeted", "enter", {"clerk": None}, "RCPT-05"),
    (visits.MACHINE, "leaving", "check_out", {"unpaid": 49900}, "PACK-09"),
    (visits.MACHINE, "leaving", "check_out", {"ticks": ["transport", "belongings"]}, "SEND-01"),
    (visits.MACHINE, "leaving", "check_out", {"ticks": ["offered", "belongings"]}, "SEND-03"),
    (visits.MACHINE, "leaving", "check_out", {"ticks": ["offered", "transport"]}, "SEND-04"),
    (sales.MACHINE, "draft", "print", {"customer": None}, "SET-01"),
    (sales.MACHINE, "draft", "print", {"consent": False}, "SET-03"),
    (sales.MACHINE, "packing", "pay", {"signed": False}, "SET-06"),
    (packing.MACHINE, "open", "start", {"customer_present": None}, "PACK-01"),
    (packing.MACHINE, "open", "start", {"counter": None}, "PACK-02"),
    (packing.MACHINE, "packing", "finish", {"open_lines": 1}, "PACK-03"),
    (packing.MACHINE, "packing", "finish", {"crossed_lines": 1, "return_signatures": ["handler"]}, "PACK-04"),
    (packing.MACHINE, "packing", "finish", {"ticks": ["name_checked"]}, "PACK-05"),
    (packing.MACHINE, "packed", "seal", {"ticks": ["copies_given", "seal_signed"]}, "PACK-06"),
    (packing.MACHINE, "packed", "seal", {"ticks": ["customer_signed", "seal_signed"]}, "PACK-07"),
    (packing.MACHINE, "packed", "seal", {"ticks": ["customer_signed", "copies_given"]}, "PACK-08"),
    (packing.MACHINE, "packing", "finish", {"customer_present": False, "second": 1}, "PACK-11"),
    (packing.MACHINE, "packing", "finish", {"customer_present": False, "second": 2}, "PACK-12"),
    (packing.MACHINE, "packed", "seal", {"customer_present": False, "ticks": ["name_on_seal"]}, "PACK-13"),
    (packing.MACHINE, "packed", "seal", {"customer_present": False, "ticks": ["copy_inside"]}, "PACK-14"),
    (repairs.MACHINE, "received", "send_away", {"told": ["duration"]}, "REP-02"),
    (repairs.MACHINE, "intake", "take_in", {"thai_silver": True}, "REP-03"),
    (repairs.MACHINE, "intake", "take_in", {"part": ""}, "REP-04"),
    (repairs.MACHINE, "received", "send_away", {"photos": 0}, "REP-05"),
    (repairs.MACHINE, "ready", "call_customer", {"customer_told": None}, "REP-07"),
    (complaints.MACHINE, "received", "assign", {"clears": ["asked"]}, "CMP-02"),
    (complaints.MACHINE, "received", "assign", {"clears": ["heard"]}, "CMP-03"),
    (complaints.MACHINE, "approved", "carry_out", {"next_reply": None}, "CMP-04"),
    (complaints.MACHINE, "carried_out", "tell", {"reply": ""}, "CMP-05"),
    (complaints.MACHINE, "called_back", "close", {"clears": ["heard", "asked", "followed", "replied"]}, "CMP-06"),
    (complaints.MACHINE, "received", "assign", {"severity": "major"}, "CMP-08"),
    (complaints.MACHINE, "received", "assign", {"department": ""}, "CMP-47"),
    (complaints.MACHINE, "called_back", "close", {"satisfied": False}, "CMP-72"),
]


@pytest.mark.parametrize(
    ("machine", "state", "action", "changes", "clause"),
    [pytest.param(*case, id=case[4], marks=pytest.mark.clause(case[4])) for case in REFUSED],
)
def test_one_broken_fact_is_refused_by_its_clause(
    machine: Machine, state: str, action: str, changes: dict[str, Any], clause: str
) -> None:
    assert refusal(machine, state, action) == ""
    assert refusal(machine, state, action, **changes) == clause


@pytest.mark.clause("PACK-11")
def test_the_second_counter_must_be_another_person() -> None:
    absent = {"customer_present": False, "second_signed": True}
    assert refusal(packing.MACHINE, "packing", "finish", **absent, second=1) == "PACK-11"
    assert refusal(packing.MACHINE, "packing", "finish", **absent, second=None) == "PACK-11"
    assert refusal(packing.MACHINE, "packing", "finish", **absent, second=2) == ""


def test_a_reason_lets_a_guest_go_with_key_and_bill_open() -> None:
    open_ends = {"key_out": True, "unpaid": 100, "ticks": []}
    assert refusal(visits.MACHINE, "leaving", "check_out", **open_ends) == "RCPT-04"
    assert refusal(visits.MACHINE, "leaving", "check_out", **open_ends, leave_reason="comes back at 3") == ""


def test_return_slip_signed_by_all_three_lets_crossed_lines_pass() -> None:
    signed = ["handler", "customer", "manager"]
    assert refusal(packing.MACHINE, "packing", "finish", crossed_lines=2, return_signatures=signed) == ""


def test_a_major_complaint_reported_to_the_manager_goes_on() -> None:
    assert refusal(complaints.MACHINE, "received", "assign", severity="major", manager_told=True) == ""


def test_an_apology_lets_a_late_call_finish() -> None:
    assert refusal(calls.MACHINE, "draft", "finish", late=True, apologised=True) == ""


def test_an_empty_field_need_not_be_read_back_a_filled_one_must() -> None:
    assert refusal(calls.MACHINE, "draft", "finish", address="臺中市西區") == "CALL-07"


def test_a_step_from_the_wrong_state_says_where_the_record_stands() -> None:
    with pytest.raises(UserError, match="Sealed"):
        apply(packing.MACHINE, "sealed", "reopen", ALL, {})


@pytest.mark.clause("CMP-01")
def test_anybody_may_open_and_assign_a_complaint() -> None:
    reader = frozenset({Right.COMPLAINT_OPEN})
    assert [step.action for step in allowed(complaints.MACHINE, "received", reader, {})] == ["assign"]


def test_a_dissatisfied_customer_begins_again() -> None:
    state = apply(complaints.MACHINE, "told", "call_back", ALL, facts(complaints.MACHINE, satisfied=False))
    assert apply(complaints.MACHINE, state, "reopen", ALL, facts(complaints.MACHINE, satisfied=False)) == "reopened"
    assert apply(complaints.MACHINE, "reopened", "assign", ALL, facts(complaints.MACHINE)) == "assigned"
