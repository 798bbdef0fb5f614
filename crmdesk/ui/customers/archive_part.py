"""The sections of the archive in the customer's form: a field for each, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from crmdesk.core.i18n import N_
from crmdesk.rules.archive import LONGEST, NO, SECTIONS, YES, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive import Archive
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import FIELD_TITLES
from crmdesk.ui.customers.birthday_edit import BirthdayEdit, KeptDayEdit
from crmdesk.ui.customers.closed_panel import ClosedPanel
from crmdesk.ui.customers.form_pages import FormPages
from crmdesk.ui.customers.rows_editor import RowsEditor
from crmdesk.ui.widgets import Choice, FormGrid, NoteEdit, PhoneEdit, TextEdit

PREFIX = "archive."
ICONS = {
    "basic": "user", "family": "users", "life": "droplet", "home": "house", "social": "star", "values": "flag",
}  # fmt: skip
_YES_NO = (("", "—"), (YES, N_("Yes")), (NO, N_("No")))


class _KeptChoice(Choice):
    """A choice that also shows a kept value the manager no longer offers."""

    def set_value(self, value: Any) -> None:
        """Choose without reporting a change."""
        if value and all(key != value for key, _title in self._choices):
            self._choices.append((value, str(value)))
            self.addItem(str(value))
        super().set_value(value)


def make_edit(field: ArchiveField, ctx: Context) -> Any:
    """Return the edit of an archive field; the value of every one of them is text."""
    longest = LONGEST.get(field.kind, LONGEST["text"])
    if field.kind == "long":
        note = NoteEdit(lines=2, max_length=longest, placeholder=field.hint)
        note.setMaximumHeight(84)
        return note
    if field.kind == "date":
        return KeptDayEdit(ctx.clock.today)
    if field.kind == "birthday":
        return BirthdayEdit(ctx.clock.today, ctx.office.home)
    if field.kind == "choice":
        return _KeptChoice([("", "—"), *field.choices], translate=not field.own)
    if field.kind == "yesno":
        return _KeptChoice(_YES_NO)
    if field.kind == "phone":
        return PhoneEdit(home=ctx.office.home)
    return TextEdit(max_length=longest, placeholder=field.hint)


class ArchivePart(QObject):
    """Puts the office's fields on the pages of the form and says which of them are open."""

    opened = Signal()
    asked = Signal()

    def __init__(self, ctx: Context, pages: FormPages) -> None:
        super().__init__(pages)
        self.ctx, self._pages = ctx, pages
        self._fields: tuple[ArchiveField, ...] = ()
        self._open = True
        self.relatives: RowsEditor | None = None
        self.panels: dict[str, ClosedPanel] = {}
        for section in SECTIONS:
            panel = ClosedPanel(ctx)
            panel.opened.connect(self.opened)
            panel.asked.connect(self.asked)
            self.panels[section] = panel
            pages.add_below(section, panel)

    @property
    def fields(self) -> dict[str, ArchiveField]:
        """The fields on the pages by the names they have in the form."""
        return {PREFIX + field.key: field for field in self._fields if not field.source}

    @property
    def is_open(self) -> bool:
        """Whether the protected fields are on the screen."""
        return self._open

    def set_fields(self, fields: tuple[ArchiveField, ...]) -> None:
        """Build the sections for these fields, unless they stand there already."""
        if fields == self._fields and self.relatives is not None:
            return
        self._fields = fields
        for section in SECTIONS:
            grid = FormGrid(columns=2)
            if section == "family":
                self.relatives = RowsEditor("relatives", self.ctx.office.home, today=self.ctx.clock.today)
                grid.add("relatives", FIELD_TITLES["relatives"], self.relatives, span=2, clause="CRM-15")
            for field in fields:
                if field.section == section and not field.source:
                    span = 2 if field.kind == "long" else 1
                    grid.add(PREFIX + field.key, field.title, make_edit(field, self.ctx), span=span)
            self._pages.set_grid(section, grid)

    def show_archive(self, archive: Archive | None) -> None:
        """Show the protected fields or what stands in their place; None is a new customer."""
        self._open = (archive is None and self.ctx.may(Right.CUSTOMER_PRIVATE)) or (
            archive is not None and archive.opened and archive.may_edit_closed
        )
        closed_in = set()
        for name, field in self.fields.items():
            self._pages.show_field(name, self._open or not field.protected)
            if field.protected:
                closed_in.add(field.section)
        self._pages.show_field("relatives", self._open)
        for section, panel in self.panels.items():
            panel.show_archive(archive if section in closed_in | {"family"} and not self._open else None)

    def values_of(self, kept: Mapping[str, str] | None) -> dict[str, str]:
        """Return kept values by the names of the form's fields; what is not kept is empty."""
        return {name: (kept or {}).get(field.key, "") for name, field in self.fields.items()}

    def typed(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the archive of a form's values: the fields that are open, by their keys."""
        return {
            field.key: str(values[name] or "") for name, field in self.fields.items()
            if self._open or not field.protected
        }  # fmt: skip

    def title(self, name: str) -> str:
        """Return what a field of the form is called, '' when it is none of the archive."""
        field = self.fields.get(name)
        return field.name if field is not None else ""
