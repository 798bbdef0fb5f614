"""Steps through the tables of states as the office's regulation makes them, for every desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.model.base import Base
from crmdesk.model.history import Event
from crmdesk.rules.machines import machine_for
from crmdesk.rules.transitions import Allowed, Machine, allowed, apply
from crmdesk.services.context import Context

UNDONE = "undo"
_AGAIN = frozenset({"reopen"})  # what was done before counts no more


def machine_of(ctx: Context, name: str) -> Machine:
    """Return the table of states of a kind of record, as the office's packs make it."""
    return machine_for(ctx.policy, name)


def step_to(
    session: Session, ctx: Context, name: str, record: Base | None, action: str, facts: Mapping[str, Any]
) -> str:
    """Return the state a step leads to; ``record`` None is one that begins. Refuses as ``apply`` does."""
    machine = machine_of(ctx, name)
    state = machine.initial if record is None else record.state  # type: ignore[attr-defined]  # what has steps has it
    known = {**facts, **(done_facts(session, ctx, name, record.id) if record is not None and record.id else {})}
    return apply(machine, state, action, ctx.user.rights, known)


def find_allowed(
    ctx: Context, name: str, state: str, facts: Mapping[str, Any], done: Iterable[str] = ()
) -> list[Allowed]:
    """Return the steps that may follow, with what each needs and starts; ``done`` are the actions taken so far."""
    return allowed(machine_of(ctx, name), state, ctx.user.rights, {**facts, "done": frozenset(done)})


def done_facts(session: Session, ctx: Context, name: str, record_id: int) -> dict[str, Any]:
    """Return the fact ``done``, read only when the office's regulation asks for steps taken before."""
    if "done" not in machine_of(ctx, name).facts:
        return {}
    query = (
        select(Event.action)
        .where(Event.kind == name, Event.record_id == record_id, Event.to_state != "")
        .order_by(Event.id)
    )
    return {"done": done_from(session.scalars(query))}


def done_from(actions: Iterable[str]) -> frozenset[str]:
    """Return which actions of a record stand, the oldest first: what was taken back or begun again counts no more."""
    done: list[str] = []
    for action in actions:
        if action == UNDONE:
            del done[-1:]
        elif action in _AGAIN:
            done = [action]
        else:
            done.append(action)
    return frozenset(done)
