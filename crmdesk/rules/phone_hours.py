"""When the service phone has to be answered, and what the regulation asks for a missed call (CALL-15 to CALL-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from crmdesk.rules.policies import Policy

_WHOLE_DAY = 24


@dataclass(frozen=True, slots=True)
class PhoneHours:
    """The span of a day and the amount for each call missed in it; equal ends are the whole day.

    ``clause`` is '' where the office's packs say nothing.
    """

    clause: str
    begins: time
    ends: time
    amount: Decimal

    def holds(self, local: time) -> bool:
        """Whether the phone has to be answered at this local time of day."""
        if not self.clause:
            return False
        if self.begins == self.ends:
            return True
        if self.begins < self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends  # past midnight


NONE = PhoneHours("", time(), time(), Decimal(0))


def phone_hours(policy: Policy) -> PhoneHours:
    """Return the office's phone hours: its home pack's, then those of the packs it added."""
    rank = {name: place for place, name in enumerate(policy.active)}
    found = [policy.clause(id_) for id_ in ("CALL-15", "CALL-17") if id_ in policy]
    for clause in sorted(found, key=lambda clause: rank[clause.pack]):
        if clause.id == "CALL-17":
            if policy.decimal("CALL-17", "hours_a_day") >= _WHOLE_DAY:
                return PhoneHours(clause.id, time(), time(), Decimal(0))
            continue
        return _span(policy, clause.id)
    return NONE


def staff_hours(policy: Policy) -> PhoneHours:
    """Return when a colleague's own phone has to be on (CALL-16)."""
    return _span(policy, "CALL-16") if "CALL-16" in policy else NONE


def _span(policy: Policy, clause_id: str) -> PhoneHours:
    begins, ends = policy.value(clause_id, "from"), policy.value(clause_id, "until")
    assert isinstance(begins, time) and isinstance(ends, time)  # their unit is the clock
    return PhoneHours(clause_id, begins, ends, policy.decimal(clause_id, "fine"))


def proposed(hours: PhoneHours, local: time) -> Decimal:
    """Return what the regulation asks of the holder for a call missed at this time; a proposal, never taken."""
    return hours.amount if hours.holds(local) else Decimal(0)
