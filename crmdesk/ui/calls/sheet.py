"""An open call on the screen: what is typed so far, and how it is kept as a draft."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmdesk.services.calls import CallCard, CallForm, MatterEntry
from crmdesk.ui.once import Once

DRAFT_KIND = "call"
_MOMENTS = ("callback_at", "started_at")


@dataclass
class Sheet:
    """One open call; several may be open when the telephone rings again in the middle of one."""

    key: str
    form: CallForm = field(default_factory=CallForm)
    call_id: int | None = None
    version: int | None = None
    number: str = ""
    state: str = "draft"
    customer_name: str = ""
    region_suggested: bool = False
    kept: CallForm | None = None  # what the draft in the database holds
    once: Once = field(default_factory=Once, compare=False)

    @property
    def blank(self) -> bool:
        """Whether nothing worth keeping was typed yet."""
        form = self.form
        return self.call_id is None and not any(
            (form.phone, form.name, form.matter, form.address, form.reason, form.topic, form.customer_id, form.matters,
             form.outcome, form.opinion)
        )

    @property
    def unkept(self) -> bool:
        """Whether something was typed since the draft was written."""
        return not self.blank and self.form != self.kept

    def title(self) -> str:
        """Return the shortest words that tell this call from the others."""
        return self.customer_name or self.form.name or self.form.phone or self.number

    def payload(self) -> dict[str, Any]:
        """Return the sheet as plain values a draft can hold."""
        values = dataclasses.asdict(self.form)
        for name in _MOMENTS:
            values[name] = values[name].isoformat() if values[name] else None
        values["read_back"] = list(self.form.read_back)
        values["matters"] = [list(entry) for entry in self.form.matters]
        return {
            "form": values,
            "call_id": self.call_id,
            "version": self.version,
            "number": self.number,
            "state": self.state,
            "customer_name": self.customer_name,
            "token": self.once.token,
        }

    @classmethod
    def from_payload(cls, key: str, payload: dict[str, Any]) -> Sheet:
        """Read a draft back; fields of another version of the program are left out."""
        known = {f.name for f in dataclasses.fields(CallForm)}
        values = {name: value for name, value in payload.get("form", {}).items() if name in known}
        for name in _MOMENTS:
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        values["read_back"] = tuple(values.get("read_back", ()))
        values["matters"] = tuple(MatterEntry(*entry) for entry in values.get("matters", ()))
        form = CallForm(**values)
        return cls(
            key,
            form,
            payload.get("call_id"),
            payload.get("version"),
            payload.get("number", ""),
            payload.get("state", "draft"),
            payload.get("customer_name", ""),
            kept=form,
            once=Once(payload.get("token", "")),
        )

    @classmethod
    def of_call(cls, card: CallCard) -> Sheet:
        """Open a saved call."""
        sheet = cls(f"id{card.id}", card.form, card.id, card.version, card.number, card.state, card.customer_name)
        sheet.kept = card.form
        return sheet
