"""The office's own settings: what stands on papers, hours, lists of words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import LANGUAGE_NAMES, N_, _, language
from crmdesk.rules.rights import Right
from crmdesk.services.context import Office
from crmdesk.services.office import MOST_ATTACHMENT_MB, load_office, save_office
from crmdesk.services.setup import CURRENCIES
from crmdesk.ui.settings.section import Section
from crmdesk.ui.widgets import Button, Choice, FormGrid, Label, NumberEdit, Scroll, TextEdit, row

LISTS = ("carriers", "departments", "places")
HOMES = (("TW", N_("Taiwan")), ("CN", N_("Mainland China")), ("HK", N_("Hong Kong")), ("US", N_("United States")))
_BETWEEN = re.compile(r"[,，、;；\n]+")


class OfficeSection(Section):
    """Read by everybody, changed by who has the right to it."""

    name = N_("Office")
    sentence = N_("These apply to the whole office and are printed on its papers.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._office = Office()
        self.form = FormGrid(columns=4)
        add = self.form.add
        add("company", N_("Company"), TextEdit(max_length=80), span=2, required=True)
        add("subtitle", N_("Line under the name"), TextEdit(max_length=80), span=2)
        add("address", N_("Address"), TextEdit(max_length=200), span=3)
        add("phone", N_("Phone"), TextEdit(max_length=60))
        add("currency", N_("Currency"), Choice(tuple(CURRENCIES.items())))
        add("language", N_("Language of papers"), Choice(tuple(LANGUAGE_NAMES.items()), translate=False))
        add("home", N_("Country of phone numbers"), Choice(HOMES))
        add("locker_keys", N_("Locker keys"), NumberEdit(least=0, most=200))
        add("attachment_mb", N_("Largest file, MB"), NumberEdit(least=1, most=MOST_ATTACHMENT_MB))
        add("carriers", N_("Carriers"), TextEdit(), span=4, hint=N_("separated by commas"))
        add("departments", N_("Departments"), TextEdit(), span=4, hint=N_("separated by commas"))
        add("places", N_("Places in the house"), TextEdit(), span=4, hint=N_("separated by commas"))
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.form.finished.connect(self.save)
        self.reason = Label("", "label", "muted")
        self.body.addWidget(Scroll(self.form, least=160), 1)
        self.body.addLayout(row(self.save_button, self.reason, None))
        self.retranslate()

    @property
    def dirty(self) -> bool:
        return self.form.dirty

    def load(self) -> None:
        self._office = load_office(self.ctx.db)
        values = {name: getattr(self._office, name) for name in self.form.names()}
        for name in LISTS:
            values[name] = ("、" if language().startswith("zh") else ", ").join(values[name])
        self.form.load(values)
        may = self.ctx.may(Right.OFFICE)
        self.form.set_read_only(not may)
        self.save_button.set_ready(may)
        self.reason.setText("" if may else _("The administrator can change these."))

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        for name in LISTS:
            values[name] = tuple(word.strip() for word in _BETWEEN.split(values[name]) if word.strip())
        values["locker_keys"] = values["locker_keys"] or 0
        values["attachment_mb"] = values["attachment_mb"] or self._office.attachment_mb
        try:
            save_office(self.ctx, replace(load_office(self.ctx.db), **values))
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self.load()
        self.saved.emit()
        self.said.emit(_("Saved. Every PC uses it from now on."), "ok")

    def first_focus(self) -> None:
        self.form.focus_first()

    def retranslate(self) -> None:
        super().retranslate()
        if self.form.values()["company"] and not self.dirty:
            self.load()  # the lists of words have the comma of the language
        self.save_button.setText(_("Save"))
