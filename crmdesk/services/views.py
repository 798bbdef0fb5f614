"""How each person sees a list: columns, their order, widths and sort; views with a name, one's own or for everybody."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.archive import SavedView
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

NAME_LENGTH = 60
MOST_VIEWS = 60  # of one list that one person sees
_MOST_LETTERS = 20_000  # of what a view keeps: a list has some sixty columns


class ViewRow(NamedTuple):
    """A view with a name; ``shared`` ones are everybody's, ``own`` says whether the user may change it."""

    id: int
    name: str
    shared: bool
    own: bool
    payload: dict[str, Any]


def last_view(ctx: Context, list_key: str) -> dict[str, Any]:
    """Return how the user left a list; empty when nothing was changed there yet."""
    ctx.require_staff()
    with ctx.reading() as session:
        view = _last(session, ctx, list_key)
        return dict(view.payload) if view is not None else {}


def keep_view(ctx: Context, list_key: str, payload: dict[str, Any]) -> None:
    """Keep how the user leaves a list; an empty payload forgets it."""
    ctx.require_staff()
    _check_size(payload)
    with ctx.transaction(N_("Keep how a list is shown")) as session:
        view = _last(session, ctx, list_key)
        if not payload:
            if view is not None:
                session.delete(view)
            return
        if view is None:
            view = SavedView(list_key=list_key, owner_id=ctx.user.id, name="")
            session.add(view)
        view.payload = payload


def find_views(ctx: Context, list_key: str) -> list[ViewRow]:
    """Return the views of a list that have a name: the user's own and the shared ones, by name."""
    ctx.require_staff()
    with ctx.reading() as session:
        found = [_row(ctx, view) for view in session.scalars(_named(ctx, list_key))]
    return sorted(found, key=lambda view: (view.shared, view.name.casefold()))


def save_view(ctx: Context, list_key: str, name: str, payload: dict[str, Any], *, shared: bool = False) -> int:
    """Save a view under a name, over an earlier one of the same name, and return its id.

    A shared view needs the right to the regulation's numbers: everybody's list changes with it. ValidationError for
    a name that is missing or too long.
    """
    ctx.require_staff()
    if shared:
        ctx.require(Right.POLICY)
    name = clean(name)
    said = check_length(name, NAME_LENGTH) if name else _("Please give the view a name.")
    if said:
        raise ValidationError({"name": said})
    _check_size(payload)
    owner = None if shared else ctx.user.id
    with ctx.transaction(N_("Save a view of a list")) as session:
        known = list(session.scalars(_named(ctx, list_key)))
        view = next((row for row in known if row.owner_id == owner and row.name == name), None)
        if view is None:
            if len(known) >= MOST_VIEWS:
                raise UserError(_("This list has very many views. Please remove one first."))
            view = SavedView(list_key=list_key, owner_id=owner, name=name)
            session.add(view)
        view.payload = payload
        session.flush()
        return view.id


def remove_view(ctx: Context, view_id: int) -> None:
    """Remove a view: one's own, or a shared one with the right to the regulation's numbers."""
    ctx.require_staff()
    with ctx.transaction(N_("Remove a view of a list")) as session:
        view = session.get(SavedView, view_id)
        if view is None:
            return
        if view.owner_id is None:
            ctx.require(Right.POLICY)
        elif view.owner_id != ctx.user.id:
            raise UserError(_("Only who saved this view may remove it."))
        session.delete(view)


def _last(session: Session, ctx: Context, list_key: str) -> SavedView | None:
    query = select(SavedView).where(
        SavedView.list_key == list_key, SavedView.owner_id == ctx.user.id, SavedView.name == ""
    )
    return session.scalars(query.order_by(SavedView.id).limit(1)).first()


def _named(ctx: Context, list_key: str) -> Any:
    mine = or_(SavedView.owner_id == ctx.user.id, SavedView.owner_id.is_(None))
    return select(SavedView).where(SavedView.list_key == list_key, SavedView.name != "", mine)


def _row(ctx: Context, view: SavedView) -> ViewRow:
    shared = view.owner_id is None
    return ViewRow(view.id, view.name, shared, not shared or ctx.may(Right.POLICY), dict(view.payload))


def _check_size(payload: dict[str, Any]) -> None:
    if len(json.dumps(payload)) > _MOST_LETTERS:
        raise UserError(_("This view holds more than can be kept."))
