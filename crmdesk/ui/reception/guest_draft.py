"""The check-in's draft: what of the sheet is written down, and how it is shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmdesk.ui.kept import chosen
from crmdesk.ui.once import Once

if TYPE_CHECKING:
    from crmdesk.ui.reception.guest_sheet import GuestSheet


def of(sheet: GuestSheet) -> dict[str, Any]:
    """Return what is typed into the sheet; a changed visit keeps its version, so that saving still asks."""
    visit = sheet.visit
    return {
        "id": visit.id if visit else None, "version": visit.version if visit else None, "token": sheet.once.token,
        "customer_id": sheet.customer_id, "typed": str(sheet.finder.edit.value()), "guest": sheet.guest.values(),
        "values": sheet.form.values(),
    }  # fmt: skip


def show(sheet: GuestSheet, draft: dict[str, Any]) -> None:
    """Write a draft into the sheet."""
    if sheet.visit is not None:
        sheet.visit = sheet.visit._replace(version=draft["version"])
    sheet.once = Once(draft["token"])
    sheet.finder.edit.set_value(draft["typed"])
    sheet.guest.load(sheet.guest.values() | chosen(draft["guest"], sheet.guest.names()))
    sheet.form.load(sheet.form.values() | chosen(draft["values"], sheet.form.names()))
