"""Who decides, level by level: limits by amount, unset limits, all in turn, all together; and the kept way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.rules.approvals import DECIDE, MACHINE, ON_PAPER, Route, Rung, route_of
from crmdesk.rules.policies import Policy, shipped
from crmdesk.rules.rights import RIGHTS_OF_ROLE, ROLES
from crmdesk.rules.transitions import apply

WORDS = {"en": "x", "zh_TW": "x", "zh_CN": "x"}


def ladder(*limits: int | None, **how: bool) -> Route:
    rungs = tuple(
        Rung(f"r{n}", WORDS, None if limit is None else Decimal(limit)) for n, limit in enumerate((*limits, None))
    )
    return Route("m", "CMP-45", rungs, **how)


def path(route: Route, amount: int | None) -> list[int]:
    """The levels that decide when everybody agrees."""
    level, found = 0, [0]
    while (following := route.after(level, None if amount is None else Decimal(amount), ())) is not None:
        level = following
        found.append(level)
    return found


@pytest.mark.parametrize(
    ("limits", "amount", "levels"),
    [
        ((500, 5000), 0, [0]), ((500, 5000), 500, [0]), ((500, 5000), 501, [0, 1]), ((500, 5000), 5001, [0, 1, 2]),
        ((None, 5000), 1, [0, 1]), ((None, None), 0, [0, 1, 2]), ((500, None), 501, [0, 1, 2]), ((500,), None, [0]),
        ((), 10**9, [0]),
    ],
)  # fmt: skip
def test_an_amount_goes_up_until_a_limit_covers_it(
    limits: tuple[int | None, ...], amount: int | None, levels: list[int]
) -> None:
    assert path(ladder(*limits), amount) == levels


def test_in_turn_everybody_decides_and_together_the_last_signature_decides() -> None:
    assert path(ladder(10**9, 10**9, in_turn=True), 1) == [0, 1, 2]
    route = ladder(None, None, together=True)
    assert route.first() == (0, 1, 2)
    assert route.after(2, None, [2]) == 0
    assert route.after(0, None, [2, 0]) == 1
    assert route.after(1, None, [0, 1, 2]) is None


@given(st.lists(st.none() | st.integers(0, 1000), max_size=4), st.integers(0, 1000))
def test_who_decides_last_may_decide_so_much(limits: list[int | None], amount: int) -> None:
    route = ladder(*limits)
    last = path(route, amount)[-1]
    limit = route.rungs[last].limit
    assert last == len(route.rungs) - 1 or (limit is not None and amount <= limit)
    passed = [route.rungs[level].limit for level in path(route, amount)[:-1]]
    assert all(limit is None or amount > limit for limit in passed)


def office(*packs: str, **limits: int) -> Policy:
    policy = shipped().with_packs(packs)
    return policy.with_overrides({("CMP-45", key): Decimal(value) for key, value in limits.items()})


@pytest.mark.clause("CMP-45")
def test_the_factorys_limits_are_the_managers_numbers_and_missing_ones_hand_on() -> None:
    bare = route_of(office("factory"), "complaint")
    assert bare is not None and bare.clause == "CMP-45"
    assert [rung.role for rung in bare.rungs] == ["manager", "deputy", "general"]
    assert path(bare, 0) == [0, 1, 2], "the source lost the amounts: nobody below decides alone"
    set_ = route_of(office("factory", manager_amount=1000, deputy_amount=20000), "complaint")
    assert set_ is not None
    assert [path(set_, amount) for amount in (1000, 1001, 20001)] == [[0], [0, 1], [0, 1, 2]]


def test_the_home_pack_says_who_decides() -> None:
    roles = {}
    for packs in (("showroom", "factory"), ("factory", "showroom"), ("hotel",), ("winery",)):
        route = route_of(office(*packs), "complaint")
        assert route is not None
        roles[packs[0]] = [rung.role for rung in route.rungs]
    assert roles == {
        "showroom": ["manager"], "factory": ["manager", "deputy", "general"],
        "hotel": ["manager", "deputy", "general"], "winery": ["manager"],
    }  # fmt: skip
    assert route_of(office("winery"), "return_slip") is None


def test_every_role_of_every_chain_is_one_the_office_can_give() -> None:
    known = {*ROLES, *ON_PAPER}
    for pack in shipped().packs.values():
        for chain in pack.chains.values():
            assert {level.role for level in chain.levels} <= known, chain
            if not chain.together:
                assert not {level.role for level in chain.levels} & set(ON_PAPER)
            assert all(level.up_to.split(".")[0] in pack.clauses for level in chain.levels if level.up_to)
    assert set(RIGHTS_OF_ROLE) == set(ROLES)


def test_a_kept_way_reads_back_as_it_was() -> None:
    for packs, matter in ((("factory",), "complaint"), (("showroom",), "return_slip")):
        route = route_of(office(*packs), matter)
        assert route is not None
        again = Route.of_json(matter, route.to_json())
        assert again.to_json() == route.to_json()
        assert [rung.name for rung in again.rungs] == [rung.name for rung in route.rungs]


def test_the_machine_wants_two_persons_and_a_reason() -> None:
    facts = {"asker": 1, "decider": 2, "reason": ""}
    assert apply(MACHINE, "waiting", "approve", {DECIDE}, facts) == "approved"
    for action, wrong in (("approve", facts | {"decider": 1}), ("refuse", facts)):
        with pytest.raises(UserError):
            apply(MACHINE, "waiting", action, {DECIDE}, wrong)
    with pytest.raises(PermissionDenied):
        apply(MACHINE, "waiting", "withdraw", {DECIDE}, facts)
    assert MACHINE.final == {"approved", "refused", "withdrawn"}
