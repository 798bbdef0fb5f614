"""What whoever answers the phone has to know: the terms of wholesale and franchise, kept by the manager (CALL-09)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crmdesk.core.errors import ValidationError
from crmdesk.core.i18n import N_
from crmdesk.core.text import check_length, clean_lines
from crmdesk.model.office import OfficeSetting
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

_NAMES = {"wholesale": "terms_wholesale", "franchise": "terms_franchise"}
_LONGEST = 8000


@dataclass(frozen=True)
class Terms:
    """The basic requirements and conditions of wholesale (批發) and franchise (加盟)."""

    wholesale: str = ""
    franchise: str = ""


def get_terms(ctx: Context) -> Terms:
    """Return the terms as the manager wrote them; empty while nobody has."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        rows = session.scalars(select(OfficeSetting).where(OfficeSetting.name.in_(_NAMES.values())))
        found = {row.name: str(row.value) for row in rows}
    return Terms(**{field: found.get(name, "") for field, name in _NAMES.items()})


def save_terms(ctx: Context, terms: Terms) -> None:
    """Keep the terms for all desks."""
    ctx.require(Right.POLICY)
    texts = {field: clean_lines(getattr(terms, field)) for field in _NAMES}
    if errors := {field: said for field, text in texts.items() if (said := check_length(text, _LONGEST))}:
        raise ValidationError(errors)
    with ctx.transaction(N_("Change the terms for enquirers")) as session:
        names = tuple(_NAMES.values())
        rows = {row.name: row for row in session.scalars(select(OfficeSetting).where(OfficeSetting.name.in_(names)))}
        for field, name in _NAMES.items():
            if name in rows:
                rows[name].value = texts[field]
            elif texts[field]:
                session.add(OfficeSetting(name=name, value=texts[field]))
