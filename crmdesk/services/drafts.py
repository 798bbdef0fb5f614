"""Half-typed forms: kept as they are typed, offered again after a crash or the next phone call."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from crmdesk.core.i18n import N_
from crmdesk.core.text import storable
from crmdesk.model.paper import Draft
from crmdesk.services.context import Context


class DraftRow(NamedTuple):
    """A draft of the user: what form, which key, what was typed, when."""

    kind: str
    key: str
    payload: dict[str, Any]
    saved_at: datetime


def save_draft(ctx: Context, kind: str, key: str, payload: dict[str, Any]) -> None:
    """Keep what is typed so far (plain JSON values), replacing the same form's earlier draft."""
    if ctx.user.id is None:
        return
    with ctx.transaction(N_("Keep draft")) as session:
        draft = session.scalars(
            select(Draft).where(Draft.user_id == ctx.user.id, Draft.kind == kind, Draft.key == key)
        ).first()
        if draft is None:
            draft = Draft(user_id=ctx.user.id, kind=kind, key=key)
            session.add(draft)
        draft.payload, draft.saved_at, draft.station = _storable(payload), ctx.clock.now(), ctx.station


def _storable(value: Any) -> Any:
    """Return the typed values as every database keeps them; a half typed form is otherwise left as it is."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    return value


def find_drafts(ctx: Context, kind: str) -> list[DraftRow]:
    """Return the user's drafts of one kind of form, newest first."""
    query = select(Draft).where(Draft.user_id == ctx.user.id, Draft.kind == kind).order_by(Draft.saved_at.desc())
    with ctx.reading() as session:
        return [DraftRow(d.kind, d.key, d.payload, d.saved_at) for d in session.scalars(query)]


def drop_draft(ctx: Context, kind: str, key: str) -> None:
    """Forget a draft after its form was saved or given up."""
    with ctx.transaction(N_("Drop draft")) as session:
        session.execute(delete(Draft).where(Draft.user_id == ctx.user.id, Draft.kind == kind, Draft.key == key))
