"""Who answers the service phone when (CALL-15): slots of the week, kept by the manager."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.model.call import PhoneDuty
from crmdesk.model.staff import StaffMember
from crmdesk.rules.phone_hours import PhoneHours, phone_hours, staff_hours
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

MIDNIGHT = "24:00"
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")


class Slot(NamedTuple):
    """One slot: ``weekday`` 0 is Monday, times are local as ``09:00``, ``24:00`` is the end of the day."""

    weekday: int
    begins: str
    ends: str
    staff_id: int
    name: str = ""


def find_slots(ctx: Context) -> list[Slot]:
    """Return the week's slots in their order."""
    ctx.require(Right.CALL)
    query = (
        select(PhoneDuty, StaffMember.name)
        .join(StaffMember, StaffMember.id == PhoneDuty.staff_id)
        .order_by(PhoneDuty.weekday, PhoneDuty.begins, PhoneDuty.id)
    )
    with ctx.reading() as session:
        return [Slot(d.weekday, d.begins, d.ends, d.staff_id, name) for d, name in session.execute(query)]


def save_slots(ctx: Context, slots: Sequence[Slot]) -> list[Slot]:
    """Keep the week's slots in place of those before; ValidationError names what can't be read or overlaps."""
    ctx.require(Right.POLICY)
    cleaned = sorted(_checked(slot) for slot in slots)
    for before, after in pairwise(cleaned):
        if before.weekday == after.weekday and after.begins < before.ends:
            raise ValidationError({"begins": _("Two of these times overlap. Please change one.")}, clause="CALL-15")
    with ctx.transaction(N_("Change the phone duty")) as session:
        session.execute(delete(PhoneDuty))
        for slot in cleaned:
            session.add(
                PhoneDuty(weekday=slot.weekday, begins=slot.begins, ends=slot.ends, staff_id=slot.staff_id)
            )
    return find_slots(ctx)


def _checked(slot: Slot) -> Slot:
    begins, ends = _clock(slot.begins, "begins"), _clock(slot.ends, "ends")
    if begins >= ends:
        raise ValidationError({"ends": _("The end must be later than the beginning.")}, clause="CALL-15")
    if not 0 <= slot.weekday < 7:
        raise ValueError(f"no weekday {slot.weekday}")
    return slot._replace(begins=begins, ends=ends)


def _clock(text: str, field: str) -> str:
    match = _CLOCK.fullmatch(text.strip())
    said = f"{int(match[1]):02d}:{match[2]}" if match else ""
    if not said or said > MIDNIGHT:
        raise ValidationError({field: _("Please enter a time such as 09:00.")}, clause="CALL-15")
    return said


def holder_at(session: Session, local: datetime) -> int | None:
    """Return who has the phone duty at a local moment, None when nobody is set."""
    clock = f"{local:%H:%M}"
    query = select(PhoneDuty.staff_id).where(
        PhoneDuty.weekday == local.weekday(), PhoneDuty.begins <= clock, PhoneDuty.ends > clock
    )
    return session.scalar(query.order_by(PhoneDuty.begins.desc()).limit(1))


def hours_of(ctx: Context) -> PhoneHours:
    """Return when the phone has to be answered by the office's regulation (CALL-15 to CALL-17)."""
    ctx.require(Right.CALL)
    return phone_hours(ctx.policy)


def hours_by(ctx: Context, clause: str) -> PhoneHours:
    """Return the hours a missed call was counted by: a colleague's own phone has its own (CALL-16)."""
    own = staff_hours(ctx.policy)
    return own if own.clause and own.clause == clause else hours_of(ctx)


def staff_phones_count(ctx: Context) -> bool:
    """Whether the office's regulation asks for the colleagues' own phones too (CALL-16)."""
    ctx.require(Right.CALL)
    return bool(staff_hours(ctx.policy).clause)


def in_words(hours: PhoneHours) -> str:
    """Return 09:00–22:00, the whole day, or '' where the regulation says nothing."""
    if not hours.clause:
        return ""
    if hours.begins == hours.ends == time():
        return _("all day long")
    return f"{hours.begins:%H:%M}–{hours.ends:%H:%M}"
