"""Letters and notices, in and out: registered, answered, filed with their month, bound with their year.

The register of CALL-21 and CRM-33; CALL-23 has the letters of a month filed at the beginning of the next one, by user
or product, and the twelve months bound into a volume.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, shorten
from crmdesk.model.customer import Customer
from crmdesk.model.letter import Letter
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.exports import ListSheet, print_list
from crmdesk.services.list_order import Sort, Sorts, in_order
from crmdesk.services.numbers import take_number
from crmdesk.services.records import StoryLine, load_for_change, record_event, story_of

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {
    "open": N_("To handle"), "unfiled": N_("To file"), "filed": N_("Filed"), "all": N_("All"),
}  # fmt: skip
DIRECTIONS: dict[str, str] = {"in": N_("In"), "out": N_("Out")}
KINDS: dict[str, str] = {
    "letter": N_("Letter by post"), "mail": N_("E-mail"), "notice": N_("Notice"), "report": N_("Report"),
}  # fmt: skip
PARTIES: dict[str, str] = {
    "user": N_("End user"), "salesman": N_("Salesman"), "agent": N_("Agent"), "office": N_("Management"),
    "other": N_("Other"),
}  # fmt: skip
_LENGTHS = {"name": 80, "product": 60, "delivered_to": 80, "subject": 4000, "opinion": 4000, "reply": 4000}
_LINES = ("subject", "opinion", "reply")
_TITLE = 60


@dataclass(frozen=True)
class LetterForm:
    """What the register asks of a letter; ``dated`` is the day it came or went."""

    dated: date
    subject: str
    direction: str = "in"
    kind: str = "letter"
    party: str = "user"
    name: str = ""
    customer_id: int | None = None
    product: str = ""
    delivered_to: str = ""
    token: str = field(default="", compare=False)


class LetterRow(NamedTuple):
    """A letter in the list; moments are UTC."""

    id: int
    version: int
    number: str
    direction: str
    kind: str
    dated: date
    party: str
    name: str
    customer_id: int | None
    product: str
    subject: str
    opinion: str
    reply: str
    handled_at: datetime | None
    handled_by: str
    delivered_to: str
    delivered_at: datetime | None
    filed_at: datetime | None
    bound_at: datetime | None


# reading ----------------------------------------------------------------------------------------------------------

_SORTS: Sorts = {
    "dated": Letter.dated, "name": func.coalesce(Customer.name, Letter.name), "product": Letter.product,
    "subject": Letter.subject,
    "state": case(
        (Letter.bound_at.is_not(None), 3), (Letter.filed_at.is_not(None), 2), (Letter.handled_at.is_not(None), 1),
        else_=0,
    ),
}  # fmt: skip


def find_letters(
    ctx: Context, query: str = "", *, show: str = "open", limit: int = 500, sort: Sort | None = None
) -> list[LetterRow]:
    """Return letters, the newest first or by the column ``sort``; ``show`` is a key of FILTERS."""
    ctx.require(Right.CALL)
    wanted = _rows().order_by(Letter.dated.desc(), Letter.id.desc())
    if show == "open":
        wanted = wanted.where(is_open())
    elif show == "unfiled":
        wanted = wanted.where(Letter.handled_at.is_not(None), Letter.filed_at.is_(None))
    elif show == "filed":
        wanted = wanted.where(Letter.filed_at.is_not(None))
    if text := clean(query)[:60]:
        like = "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Letter.number, Letter.name, Letter.product, Letter.subject, Customer.name)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    with ctx.reading() as session:
        return [_row(*found) for found in session.execute(in_order(wanted, sort, _SORTS, Letter.id).limit(limit))]


def is_open() -> ColumnElement[bool]:
    """Return which letters still wait to be handled."""
    return and_(Letter.handled_at.is_(None), Letter.filed_at.is_(None))


def _rows() -> Select[Letter, str, str]:
    return (
        select(Letter, StaffMember.name, Customer.name)
        .outerjoin(StaffMember, StaffMember.id == Letter.handled_by_id)
        .outerjoin(Customer, Customer.id == Letter.customer_id)
    )


def _row(letter: Letter, handler: str | None, customer: str | None) -> LetterRow:
    return LetterRow(
        letter.id, letter.version, letter.number, letter.direction, letter.kind, letter.dated, letter.party,
        customer or letter.name, letter.customer_id, letter.product, letter.subject, letter.opinion, letter.reply,
        letter.handled_at, handler or "", letter.delivered_to, letter.delivered_at, letter.filed_at, letter.bound_at,
    )  # fmt: skip


def get_story(ctx: Context, letter_id: int) -> tuple[StoryLine, ...]:
    """Return what happened with a letter."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        return tuple(story_of(session, Letter.KIND, letter_id, limit=20))


# writing ----------------------------------------------------------------------------------------------------------


def register_letter(ctx: Context, form: LetterForm) -> int:
    """Write a letter into the register and return its id; ValidationError by field.

    One that goes out is handled as it goes; its ``delivered_to`` may follow later.
    """
    ctx.require(Right.CALL)
    form = _checked(ctx, form)
    now = ctx.clock.now()
    with ctx.transaction(N_("Register a letter"), token=form.token, of=Letter.KIND) as session:
        if form.customer_id is not None and session.get(Customer, form.customer_id) is None:
            raise ValidationError({"customer_id": _("This customer does not exist any more.")})
        letter = Letter(
            number=take_number(session, ctx, "letter", Letter.number), created_at=now, direction=form.direction,
            kind=form.kind, dated=form.dated, party=form.party, name=form.name, customer_id=form.customer_id,
            product=form.product, subject=form.subject, registered_by_id=_me(ctx),
        )  # fmt: skip
        if form.direction == "out":
            letter.handled_at, letter.handled_by_id = now, _me(ctx)
        if form.delivered_to:
            letter.delivered_to, letter.delivered_at = form.delivered_to, now
        session.add(letter)
        came, went = N_("Letter {number} came in: {subject}"), N_("Letter {number} went out: {subject}")
        title = came if form.direction == "in" else went
        record_event(
            session, ctx, letter, "register", title,
            values={"number": letter.number, "subject": shorten(letter.subject, _TITLE)},
        )  # fmt: skip
        session.flush()
        return letter.id


def _checked(ctx: Context, form: LetterForm) -> LetterForm:
    changes: dict[str, Any] = {name: clean(getattr(form, name)) for name in ("name", "product", "delivered_to")}
    form = replace(form, subject=clean_lines(form.subject), **changes)
    errors = {
        name: said for name in ("name", "product", "delivered_to", "subject")
        if (said := check_length(getattr(form, name), _LENGTHS[name]))
    }  # fmt: skip
    if form.direction not in DIRECTIONS or form.kind not in KINDS or form.party not in PARTIES:
        raise ValueError(f"no letter is {form.direction!r}, {form.kind!r}, {form.party!r}")
    if not form.subject:
        errors["subject"] = _("Please write down what it is about.")
    if not form.name and form.customer_id is None:
        errors["name"] = _("Please write down who it is from, or to whom it goes.")
    if form.dated > ctx.clock.today():
        errors["dated"] = _("This day has not come yet.")
    if errors:
        raise ValidationError(errors, clause=next((id_ for id_ in ("CALL-21", "CRM-33") if id_ in ctx.policy), ""))
    return form


def handle_letter(ctx: Context, letter_id: int, *, version: int | None, opinion: str, reply: str = "") -> int:
    """Write down how a letter is handled and what was answered, and return the new version (CALL-23)."""
    ctx.require(Right.CALL)
    said, answer = clean_lines(opinion), clean_lines(reply)
    problems = {"opinion": check_length(said, _LENGTHS["opinion"]), "reply": check_length(answer, _LENGTHS["reply"])}
    if not said:
        problems["opinion"] = _("Please write down how it is handled.")
    if errors := {name: text for name, text in problems.items() if text}:
        raise ValidationError(errors, clause="CALL-23" if "CALL-23" in ctx.policy else "")
    with ctx.transaction(N_("Handle a letter")) as session:
        letter = _unfiled(session, letter_id, version)
        letter.opinion, letter.reply = said, answer
        letter.handled_at, letter.handled_by_id = ctx.clock.now(), _me(ctx)
        record_event(session, ctx, letter, "handle", N_("Letter handled"), note=answer or said)
        session.flush()
        return letter.version


def deliver_letter(ctx: Context, letter_id: int, *, version: int | None, delivered_to: str) -> int:
    """Write down who took a letter or notice, and return the new version (CRM-33)."""
    ctx.require(Right.CALL)
    to = clean(delivered_to)
    said = _("Please write down who took it.") if not to else check_length(to, _LENGTHS["delivered_to"])
    if said:
        raise ValidationError({"delivered_to": said}, clause="CRM-33" if "CRM-33" in ctx.policy else "")
    with ctx.transaction(N_("Deliver a letter")) as session:
        letter = _unfiled(session, letter_id, version)
        letter.delivered_to, letter.delivered_at = to, ctx.clock.now()
        record_event(session, ctx, letter, "deliver", N_("Delivered to {name}"), values={"name": to})
        session.flush()
        return letter.version


def _unfiled(session: Session, letter_id: int, version: int | None) -> Letter:
    letter = load_for_change(session, Letter, letter_id, version)
    if letter.filed_at is not None:
        raise UserError(_("This letter is filed already."))
    return letter


def _me(ctx: Context) -> int:
    if ctx.user.id is None:
        raise PermissionDenied()
    return ctx.user.id


# filing and binding -----------------------------------------------------------------------------------------------


def to_file(ctx: Context) -> ColumnElement[bool]:
    """Return which letters are to be filed: handled, and of a month that is over (CALL-23)."""
    this_month = ctx.clock.today().replace(day=1)
    return and_(Letter.filed_at.is_(None), Letter.handled_at.is_not(None), Letter.dated < this_month)


def to_bind(ctx: Context) -> ColumnElement[bool]:
    """Return which letters are to be bound: filed, and of a year that is over (CALL-23)."""
    this_year = ctx.clock.today().replace(month=1, day=1)
    return and_(Letter.bound_at.is_(None), Letter.filed_at.is_not(None), Letter.dated < this_year)


def file_letters(ctx: Context, *, by_product: bool = False) -> int | None:
    """File the handled letters of the months that are over; return the paper of the file, None when there is none.

    Within a month they stand by user, or by product.
    """
    ctx.require(Right.CUSTOMER_EXPORT)
    order = (Letter.product, Letter.name) if by_product else (Letter.name, Letter.product)
    rows = _gather(ctx, to_file(ctx), order)
    if not rows:
        return None
    paper = print_list(ctx, _sheet("letters", _("Letters filed"), rows))
    _stamp(ctx, rows, "filed_at", "file_letter", N_("Letter filed"), N_("File letters"))
    return paper


def bind_letters(ctx: Context) -> int | None:
    """Bind the filed letters of the years that are over into their volume; return its paper, None without any."""
    ctx.require(Right.CUSTOMER_EXPORT)
    rows = _gather(ctx, to_bind(ctx), (Letter.name,))
    if not rows:
        return None
    years = _(", ").join(sorted({str(row.dated.year) for row in rows}))
    paper = print_list(ctx, _sheet("letter_volume", _("Volume of letters {year}").format(year=years), rows))
    _stamp(ctx, rows, "bound_at", "bind_letter", N_("Letter bound into the volume of the year"), N_("Bind letters"))
    return paper


def _gather(ctx: Context, which: ColumnElement[bool], order: tuple[Any, ...]) -> list[LetterRow]:
    """Return letters month by month, inside a month in this order."""
    with ctx.reading() as session:
        rows = [_row(*found) for found in session.execute(_rows().where(which).order_by(*order, Letter.id))]
    return sorted(rows, key=_month)


def _month(row: LetterRow) -> tuple[int, int]:
    return row.dated.year, row.dated.month


def _sheet(key: str, title: str, rows: list[LetterRow]) -> ListSheet:
    headings = (
        _("In the month"), _("Letter number"), _("Day"), _("Whose letter"), _("Name"), _("Product"),
        _("What it is about"), _("How it is handled"), _("Reply"),
    )  # fmt: skip
    lines = [
        (f"{row.dated:%Y-%m}", row.number, row.dated, _(PARTIES[row.party]), row.name, row.product, row.subject,
         row.opinion, row.reply)
        for row in rows
    ]  # fmt: skip
    return ListSheet(key, title, headings, lines)


def _stamp(ctx: Context, rows: list[LetterRow], column: str, action: str, title: str, sentence: str) -> None:
    with ctx.transaction(sentence) as session:
        for row in rows:
            letter = load_for_change(session, Letter, row.id, None)
            if getattr(letter, column) is None:  # a colleague was quicker
                setattr(letter, column, ctx.clock.now())
                record_event(session, ctx, letter, action, title)
