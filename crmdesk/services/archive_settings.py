"""The manager decides what the archive asks for: own fields, hidden ones, titles, order, what is protected (CRM-20)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import NeedsConfirmation, UserError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import check_length, clean
from crmdesk.model.archive import CustomerValue, CustomField
from crmdesk.rules.archive import BY_KEY, KINDS, MOST_CHOICES, MOST_OWN, SECTIONS, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive import recount
from crmdesk.services.archive_fields import STEP, fields_in, place_of
from crmdesk.services.context import Context
from crmdesk.services.records import touch

IN_USE = "in_use"
TITLE_LENGTH = 60
CHOICE_LENGTH = 40


@dataclass(frozen=True)
class FieldForm:
    """A field of the archive as the manager types it; ``title`` '' takes the template's again."""

    title: str
    section: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    protected: bool = False


def count_values(ctx: Context, key: str) -> int:
    """Return how many customers have an entry in a field."""
    ctx.require(Right.POLICY)
    with ctx.reading() as session:
        return _count(session, key)


def _count(session: Session, key: str) -> int:
    return session.scalar(select(func.count()).select_from(CustomerValue).where(CustomerValue.key == key)) or 0


def add_field(ctx: Context, form: FieldForm) -> str:
    """Add a field of the office's own at the end of its section and return its key.

    A field of the same title that was taken away comes back with all its values. ValidationError names each field.
    """
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Add archive field")) as session:
        fields = fields_in(session)
        gone = next((f for f in fields if f.own and f.hidden and f.title == clean(form.title)), None)
        form = _checked(form, fields, gone.key if gone else "", own=True)
        if gone is not None:
            row = _row(session, ctx, gone)
            row.hidden = False
        else:
            if sum(field.own for field in fields) >= MOST_OWN:
                raise UserError(_("At most {count} own fields are possible.").format(count=MOST_OWN))
            row = CustomField(
                key=f"own_{secrets.token_hex(4)}", position=_end(session, fields, form.section), own=True,
                created_at=ctx.clock.now(),
            )  # fmt: skip
            session.add(row)
        _fill(row, form)
        session.flush()
        recount(session)
        return row.key


def change_field(ctx: Context, key: str, form: FieldForm) -> None:
    """Change title, section, kind, choices or protection of a field; its values stay. ValidationError, UserError."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Change archive field")) as session:
        fields = fields_in(session)
        field = _field(fields, key)
        form = _checked(form, fields, key, own=field.own)
        if field.source and (form.kind != field.kind or form.choices):
            raise ValidationError({"kind": _("This field belongs to the card; its kind stays.")})
        row = _row(session, ctx, field)
        if row.section != form.section and field.section != form.section:
            row.position = _end(session, fields, form.section)
        _fill(row, form)
        if not field.own and row.title == _(BY_KEY[key].title):
            row.title = ""  # the template's own title follows the language
        _touch(session, row)


def show_field(ctx: Context, key: str, shown: bool) -> None:
    """Take a field away or show it again; its values stay and come back with it."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Show archive field") if shown else N_("Take archive field away")) as session:
        row = _row(session, ctx, _field(fields_in(session), key))
        row.hidden = not shown
        _touch(session, row)
        recount(session)


def remove_field(ctx: Context, key: str, *, confirmed: Collection[str] = ()) -> None:
    """Remove an own field. Is it in use, NeedsConfirmation ``in_use``: then it is taken away and its values stay."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Remove archive field")) as session:
        field = _field(fields_in(session), key)
        if not field.own:
            raise UserError(_("A field of the template can only be taken away."), clause="CRM-20")
        used = _count(session, key)
        if used and IN_USE not in confirmed:
            raise NeedsConfirmation(
                IN_USE,
                ngettext(
                    "{count} customer has an entry in “{field}”. The entries stay and come back with the field. "
                    "Remove it?",
                    "{count} customers have an entry in “{field}”. The entries stay and come back with the field. "
                    "Remove it?",
                    used,
                ).format(count=used, field=field.name),
            )
        row = _row(session, ctx, field)
        if used:
            row.hidden = True
            _touch(session, row)
        else:
            session.delete(row)
            session.flush()
        recount(session)


def move_field(ctx: Context, key: str, by: int) -> None:
    """Move a field among the shown ones of its section, -1 up or 1 down; at the end nothing happens."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Move archive field")) as session:
        fields = fields_in(session)
        field = _field(fields, key)
        peers = [f for f in fields if f.section == field.section and (not f.hidden or f is field)]
        place = peers.index(field)
        if not 0 <= place + by < len(peers):
            return
        row, other = _row(session, ctx, field), _row(session, ctx, peers[place + by])
        row.position, other.position = other.position, row.position
        session.flush()


def _field(fields: Collection[ArchiveField], key: str) -> ArchiveField:
    found = next((field for field in fields if field.key == key), None)
    if found is None:
        raise UserError(_("This field does not exist any more."))
    return found


def _row(session: Session, ctx: Context, field: ArchiveField) -> CustomField:
    """Return what is kept about a field, made now for a field of the template that nobody changed yet."""
    row = session.scalars(select(CustomField).where(CustomField.key == field.key)).first()
    if row is None:
        row = CustomField(
            key=field.key, title="", section=field.section, kind=field.kind, choices=[], hidden=field.hidden,
            position=place_of(field.key), protected=field.protected, own=False, created_at=ctx.clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
    return row


def _touch(session: Session, row: CustomField) -> None:
    if session.is_modified(row):
        touch(row)
    session.flush()


def _end(session: Session, fields: Collection[ArchiveField], section: str) -> int:
    moved = session.scalar(select(func.max(CustomField.position)).where(CustomField.section == section)) or 0
    template = [place_of(f.key) for f in fields if f.section == section and not f.own]
    return max([moved, *template]) + STEP


def _fill(row: CustomField, form: FieldForm) -> None:
    row.title, row.section, row.kind = form.title, form.section, form.kind
    row.choices, row.protected = list(form.choices), form.protected


def _checked(form: FieldForm, fields: Collection[ArchiveField], key: str, *, own: bool) -> FieldForm:
    title = clean(form.title)
    choices = tuple(dict.fromkeys(text for entry in form.choices if (text := clean(entry))))
    errors: dict[str, str] = {}
    if own and not title:
        errors["title"] = _("Please enter how the field is called.")
    elif said := check_length(title, TITLE_LENGTH):
        errors["title"] = said
    elif any(title.casefold() == f.name.casefold() and f.key != key for f in fields):
        errors["title"] = _("There is a field of this name already.")
    if form.section not in SECTIONS:
        errors["section"] = _("Please choose from the list.")
    if form.kind not in KINDS:
        errors["kind"] = _("Please choose from the list.")
    if form.kind == "choice" and own and len(choices) < 2:
        errors["choices"] = _("Please enter at least two choices, one a line.")
    elif len(choices) > MOST_CHOICES:
        errors["choices"] = _("At most {count} choices, please.").format(count=MOST_CHOICES)
    elif said := next((s for text in choices if (s := check_length(text, CHOICE_LENGTH))), None):
        errors["choices"] = said
    if errors:
        raise ValidationError(errors, clause="CRM-20")
    return FieldForm(title, form.section, form.kind, choices if form.kind == "choice" else (), form.protected)
