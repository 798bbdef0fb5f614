"""Approvals: who decides a matter, level by level, and when it is decided; no desk is known here.

A chain of the regulation becomes a ``Route`` the moment somebody asks: the levels with the limits of that day. Later
changes of the regulation never move what was asked before.

Facts of the machine: ``asker``, ``decider`` (staff ids), ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from crmdesk.core.i18n import N_
from crmdesk.rules.pack_tables import Chain, Level, Texts, in_language
from crmdesk.rules.policies import Policy
from crmdesk.rules.transitions import Machine, Transition, different, filled

# Two signatures that are nobody's role: who asks signs by asking or on the paper, the customer only on the paper.
HANDLER, CUSTOMER = "handler", "customer"
ON_PAPER = (HANDLER, CUSTOMER)

# What the engine asks for instead of a right: the chain says who decides, and only who asked takes it back.
DECIDE, ASK = "approval.decide", "approval.ask"

_OTHERS = different("asker", "decider", N_("Nobody decides what they asked for themselves."), "")

MACHINE = Machine(
    "approval",
    {
        "waiting": N_("To be decided"),
        "approved": N_("Approved"),
        "refused": N_("Rejected"),
        "withdrawn": N_("Withdrawn"),
    },
    (
        Transition("hand_on", ("waiting",), "waiting", DECIDE, N_("Agree and pass on"), (_OTHERS,)),
        Transition("approve", ("waiting",), "approved", DECIDE, N_("Approve"), (_OTHERS,)),
        Transition(
            "refuse", ("waiting",), "refused", DECIDE, N_("Reject"),
            (_OTHERS, filled("reason", N_("Please write down the reason."), "")),
        ),
        Transition("withdraw", ("waiting",), "withdrawn", ASK, N_("Withdraw")),
    ),
)  # fmt: skip

_MANAGER: Texts = MappingProxyType({"en": "Manager", "zh_TW": "經理", "zh_CN": "经理"})

#: Who decides where no pack of the office says.
DEFAULT_CHAINS: Mapping[str, Chain] = MappingProxyType(
    {matter: Chain(matter, "", (Level("manager", _MANAGER),)) for matter in ("complaint", "consult")}
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of a route: the role, the title it signs with, and the amount it decides alone up to (None: none)."""

    role: str
    title: Texts
    limit: Decimal | None = None

    @property
    def name(self) -> str:
        """The title in the language of the screen."""
        return in_language(self.title)


@dataclass(frozen=True, slots=True)
class Route:
    """The way an asking takes: its clause, its levels, and whether all of them decide."""

    matter: str
    clause: str
    rungs: tuple[Rung, ...]
    together: bool = False
    in_turn: bool = False

    def first(self) -> tuple[int, ...]:
        """Return the levels that may decide at once: all of them together, else the lowest."""
        return tuple(range(len(self.rungs))) if self.together else (0,)

    def after(self, level: int, amount: Decimal | None, agreed: Sequence[int]) -> int | None:
        """Return the level that decides after one has agreed, None when nothing is left to decide.

        ``agreed`` are the levels that have agreed so far, this one too. A level whose limit nobody has set can't
        decide alone: it hands on.
        """
        if self.together:
            return next((place for place in range(len(self.rungs)) if place not in agreed), None)
        if level + 1 >= len(self.rungs):
            return None
        limit = self.rungs[level].limit
        covered = not self.in_turn and limit is not None and (amount or Decimal(0)) <= limit
        return None if covered else level + 1

    def to_json(self) -> dict[str, Any]:
        """Return the route as it is kept with the asking."""
        return {
            "clause": self.clause, "together": self.together, "in_turn": self.in_turn,
            "levels": [
                {"role": rung.role, "limit": None if rung.limit is None else str(rung.limit), **rung.title}
                for rung in self.rungs
            ],
        }  # fmt: skip

    @classmethod
    def of_json(cls, matter: str, kept: Mapping[str, Any]) -> Route:
        """Read a route that was kept."""
        rungs = []
        for level in kept["levels"]:
            title = MappingProxyType({code: text for code, text in level.items() if code not in ("role", "limit")})
            limit = level["limit"]
            rungs.append(Rung(level["role"], title, None if limit is None else Decimal(limit)))
        return cls(matter, kept["clause"], tuple(rungs), kept["together"], kept["in_turn"])


def route_of(policy: Policy, matter: str) -> Route | None:
    """Return who decides a matter today with the limits of today; None when nobody has to."""
    chain = policy.chain(matter) or DEFAULT_CHAINS.get(matter)
    if chain is None:
        return None
    rungs = tuple(Rung(level.role, level.title, _limit(policy, level)) for level in chain.levels)
    return Route(matter, chain.clause, rungs, chain.together, chain.in_turn)


def _limit(policy: Policy, level: Level) -> Decimal | None:
    """A limit the source lost and the manager hasn't set, or of a clause the office doesn't work by, is none."""
    clause, _dot, key = level.up_to.partition(".")
    if clause not in policy:
        return None
    value = policy.clause(clause).number(key).value
    return Decimal(value) if isinstance(value, int | Decimal) else None
