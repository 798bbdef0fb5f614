"""A quarter's enquiries (諮詢服務記錄): summed up for the head, who sets the next notice board (CALL-25, CALL-26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean_lines
from crmdesk.model.call import Call
from crmdesk.model.letter import EnquirySummary
from crmdesk.model.staff import StaffMember
from crmdesk.rules.calls import CHANNELS, OUTCOMES, URGENCIES
from crmdesk.rules.checklist_periods import Period
from crmdesk.rules.rights import Right
from crmdesk.services.call_lists import TOPICS
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.exports import ListSheet, print_list
from crmdesk.services.records import load_for_change, record_event

QUARTERS = Period(3, 1)
SHOWN = 6  # quarters the window offers
MOST_PLACES = 10
_LONGEST = 8000


class Counted(NamedTuple):
    """How many enquiries of the quarter, and of the one before, were of one sort; ``group`` is a source text."""

    group: str
    what: str
    many: int
    before: int


@dataclass(frozen=True)
class Quarter:
    """A quarter's enquiries counted, what came up, and the topics of the next notice board."""

    key: str
    first: date
    last: date
    total: int
    before: int
    counted: tuple[Counted, ...]
    version: int | None
    text: str
    reported_at: datetime | None
    reported_by: str
    topics: str
    topics_at: datetime | None
    topics_by: str


def quarter_of(day: date) -> str:
    """Return the quarter a day lies in, as 2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def days_of(key: str) -> tuple[date, date]:
    """Return the first and last day of a quarter."""
    year, _q, number = key.partition("Q")
    return QUARTERS.bounds(date(int(year), int(number) * 3 - 2, 1))


def quarter_words(key: str) -> str:
    """Return a quarter as it is said in the language in force."""
    year, _q, number = key.partition("Q")
    return _("{year}, quarter {number}").format(year=year, number=number)


def quarter_before(key: str) -> str:
    """Return the quarter before this one."""
    first = days_of(key)[0]
    return quarter_of(date.fromordinal(first.toordinal() - 1))


def find_quarters(ctx: Context) -> list[str]:
    """Return the quarters the window offers, the running one first."""
    ctx.require(Right.CALL)
    found = [quarter_of(ctx.clock.today())]
    while len(found) < SHOWN:
        found.append(quarter_before(found[-1]))
    return found


# reading ----------------------------------------------------------------------------------------------------------


def get_quarter(ctx: Context, key: str) -> Quarter:
    """Return a quarter's enquiries by why they asked, from where, how they came, how urgent, and what came of them."""
    ctx.require(Right.CALL)
    first, last = days_of(key)
    with ctx.reading() as session:
        now, before = _counts(session, ctx, key)
        kept = session.scalar(select(EnquirySummary).where(EnquirySummary.quarter == key))
        names = _names(session, kept)
    total, earlier = (sum(found["urgency"].values()) for found in (now, before))
    counted = [line for column in _GROUPS for line in _lines(column, now[column], before[column])]
    if kept is None:
        return Quarter(key, first, last, total, earlier, tuple(counted), None, "", None, "", "", None, "")
    return Quarter(
        key, first, last, total, earlier, tuple(counted), kept.version, kept.text, kept.reported_at,
        names.get(kept.reported_by_id, ""), kept.topics, kept.topics_at, names.get(kept.topics_by_id, ""),
    )  # fmt: skip


_GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "topic": (N_("Why they asked"), TOPICS),
    "region": (N_("From where"), {}),
    "channel": (N_("How it came in"), CHANNELS),
    "urgency": (N_("Urgency"), URGENCIES),
    "outcome": (N_("What came of it"), OUTCOMES),
}


def _counts(session: Session, ctx: Context, key: str) -> tuple[_Found, _Found]:
    """Count what others asked us, in the quarter and the one before: not our own calls, and no wrong numbers."""
    first, last = days_of(key)
    begin, end = day_bounds(ctx.clock, first)[0], day_bounds(ctx.clock, last)[1]
    since = day_bounds(ctx.clock, days_of(quarter_before(key))[0])[0]
    asked = and_(
        Call.direction == "in", Call.outcome != "wrong_number", Call.started_at >= since, Call.started_at < end
    )
    is_now = case((Call.started_at >= begin, 1), else_=0).label("is_now")
    now: _Found = {}
    before: _Found = {}
    for name in _GROUPS:
        now[name], before[name] = {}, {}
        column = _WHY if name == "topic" else getattr(Call, name)
        part = select(column.label("value"), is_now).where(asked).subquery()
        query = select(part.c.value, part.c.is_now, func.count()).group_by(part.c.value, part.c.is_now)
        for value, in_now, count in session.execute(query):
            (now if in_now else before)[name][value] = count
    return now, before


_Found = dict[str, dict[str, int]]


_WHY = case((Call.topic == "", Call.reason), else_=Call.topic)  # a topic of the list, or the reason in own words


def _lines(column: str, now: Mapping[str, int], before: Mapping[str, int]) -> list[Counted]:
    group, words = _GROUPS[column]
    found = []
    for value in {**now, **before}:
        what = _(words[value]) if value in words else value or _(_UNSAID[column])
        found.append(Counted(group, what, now.get(value, 0), before.get(value, 0)))
    found.sort(key=_most)
    return found[:MOST_PLACES]


_UNSAID = {
    "topic": N_("reason not written down"), "region": N_("place not written down"), "outcome": N_("Reached"),
    "channel": N_("Phone"), "urgency": N_("Normal"),
}  # fmt: skip


def _most(line: Counted) -> tuple[int, int, str]:
    return -line.many, -line.before, line.what


def _names(session: Session, kept: EnquirySummary | None) -> dict[int | None, str]:
    ids = {kept.reported_by_id, kept.topics_by_id} - {None} if kept is not None else set()
    if not ids:
        return {}
    return {row.id: row.name for row in session.execute(select(StaffMember.id, StaffMember.name).where(
        StaffMember.id.in_(ids)))}  # fmt: skip


# writing ----------------------------------------------------------------------------------------------------------


def save_summary(ctx: Context, key: str, *, version: int | None, text: str) -> int:
    """Keep what came up in a quarter and return the new version."""
    ctx.require(Right.CALL)
    return _keep(ctx, key, version, N_("Sum up the enquiries"), {"text": _checked("text", text)})


def report_summary(ctx: Context, key: str, *, version: int | None, text: str) -> int:
    """Report a quarter's enquiries to the head and return the paper of the report (CALL-25).

    ValidationError while nothing is summed up.
    """
    ctx.require(Right.CUSTOMER_EXPORT)
    said = _checked("text", text)
    if not said:
        raise ValidationError({"text": _("Please sum up what came up in this quarter.")}, clause=_shown(ctx, "CALL-25"))
    _keep(ctx, key, version, N_("Report the enquiries"), {
        "text": said, "reported_at": ctx.clock.now(), "reported_by_id": ctx.user.id,
    }, N_("Enquiries of {quarter} reported"))  # fmt: skip
    return print_list(ctx, _sheet(get_quarter(ctx, key)))


def set_topics(ctx: Context, key: str, *, version: int | None, topics: str) -> int:
    """Set what the next quarter's notice board shows and return the new version (CALL-26); the head's."""
    ctx.require(Right.MONTH)
    said = _checked("topics", topics)
    if not said:
        sentence = _("Please write down what the notice board shows.")
        raise ValidationError({"topics": sentence}, clause=_shown(ctx, "CALL-26"))
    values = {"topics": said, "topics_at": ctx.clock.now(), "topics_by_id": ctx.user.id}
    return _keep(ctx, key, version, N_("Set the notice board"), values, N_("Notice board after {quarter} set"))


def _checked(field: str, text: str) -> str:
    said = clean_lines(text)
    if problem := check_length(said, _LONGEST):
        raise ValidationError({field: problem})
    return said


def _shown(ctx: Context, clause: str) -> str:
    return clause if clause in ctx.policy else ""


def _keep(
    ctx: Context, key: str, version: int | None, sentence: str, values: Mapping[str, Any], title: str = ""
) -> int:
    days_of(key)
    with ctx.transaction(sentence) as session:
        found = session.scalar(select(EnquirySummary.id).where(EnquirySummary.quarter == key))
        if found is None:
            kept = EnquirySummary(quarter=key, created_at=ctx.clock.now())
            session.add(kept)
        elif version is None:
            raise UserError(_("A colleague has begun this summary meanwhile. Please load it again."))
        else:
            kept = load_for_change(session, EnquirySummary, found, version)
        for name, value in values.items():
            setattr(kept, name, value)
        session.flush()
        if title:
            record_event(session, ctx, kept, "report", title, values={"quarter": key})
        return kept.version


def _sheet(quarter: Quarter) -> ListSheet:
    headings = (_("What"), _("Of it"), _("This quarter"), _("Quarter before"))
    rows: list[tuple[Any, ...]] = [(_("Enquiries"), "", quarter.total, quarter.before)]
    rows += [(_(line.group), line.what, line.many, line.before) for line in quarter.counted]
    rows += [(_("What came up"), line, "", "") for line in quarter.text.splitlines() if line.strip()]
    title = _("Enquiries: {quarter}").format(quarter=quarter_words(quarter.key))
    return ListSheet("enquiries", title, headings, rows, frozenset({2, 3}))


# what waits -------------------------------------------------------------------------------------------------------


def reported_quarters(session: Session) -> dict[date, bool]:
    """Return the last days of the quarters that were reported, and whether the notice board was set after them."""
    query = select(EnquirySummary.quarter, EnquirySummary.topics_at).where(EnquirySummary.reported_at.is_not(None))
    return {days_of(key)[1]: topics_at is not None for key, topics_at in session.execute(query)}
