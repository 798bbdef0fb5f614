"""The fields of the customer's form on their pages, and one field that two people changed."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, REFERRAL_WAYS, SECTIONS
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import FIELD_TITLES, GENDERS, GRADES, KINDS
from crmdesk.ui.customers.archive_part import ICONS
from crmdesk.ui.customers.birthday_edit import BirthdayEdit
from crmdesk.ui.customers.customer_pick import CustomerPick
from crmdesk.ui.customers.form_pages import FormPages
from crmdesk.ui.customers.rows_editor import RowsEditor
from crmdesk.ui.widgets import Choice, DayEdit, FormGrid, Label, MoneyEdit, NoteEdit, Segments, TextEdit, Tick, row

_T = FIELD_TITLES
PAGES = (
    ("card", "file-text", N_("Card")), ("contacts", "users", N_("Contact persons")), ("care", "star", N_("Care")),
    *((key, ICONS[key], title) for key, title in SECTIONS.items()),
)  # fmt: skip
CHOICE_NAMES = ("gender", "grade", "kind", "origin", "care_level", "may_contact", "referral_way")


class Difference(QWidget):
    """One field both changed: mine and theirs, one of them chosen."""

    def __init__(self, name: str, title: str, mine: str, theirs: str) -> None:
        super().__init__()
        self.name = name
        self.choice = Segments([("mine", N_("Keep mine")), ("theirs", N_("Take theirs"))], value="mine", size="small")
        self.choice.setAccessibleName(title)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(2)
        body.addLayout(row(Label(title, "strong"), None, self.choice))
        body.addWidget(Label(_("Mine: {text}").format(text=mine), wrap=True))
        body.addWidget(Label(_("Theirs: {text}").format(text=theirs), wrap=True))


def build_pages(ctx: Context, pages: FormPages) -> tuple[RowsEditor, RowsEditor, CustomerPick]:
    """Put the fields of the card, the contact persons and the care on their pages; return what is more than a field."""
    form, home, today = FormGrid(columns=6), ctx.office.home, ctx.clock.today
    form.add("name", _T["name"], TextEdit(max_length=80), span=2, required=True, clause="SET-01")
    form.add("gender", _T["gender"], Choice(list(GENDERS.items())))
    form.add("company", _T["company"], TextEdit(max_length=80), span=3)
    form.add("kind", _T["kind"], Choice(list(KINDS.items())), required=True, clause="CALL-14", span=2)
    form.add("grade", _T["grade"], Choice([("", N_("None")), *[(g, g) for g in GRADES[1:]]]))
    form.add("owner_id", _T["owner_id"], Choice([], translate=False))
    form.add("since", _T["since"], DayEdit(today=today), span=2)
    phones = form.add("phones", _T["phones"], RowsEditor("phones", home), span=6)
    form.add("region", _T["region"], TextEdit(max_length=40), span=2)
    form.add("address", _T["address"], TextEdit(max_length=200), span=4)
    form.add("likes", _T["likes"], TextEdit(max_length=200), span=3, clause="CRM-13")
    form.add("avoid", _T["avoid"], TextEdit(max_length=200), span=3)
    form.add("birthday", _T["birthday"], BirthdayEdit(today, home), span=2, clause="CRM-04")
    form.add("credit_limit", _T["credit_limit"], MoneyEdit(), span=2)
    form.add("opening_balance", _T["opening_balance"], MoneyEdit(), span=2)
    form.add("note", _T["note"], NoteEdit(lines=3, max_length=4000), span=6)
    form.add("active", "", Tick(N_("Show this customer in lists")), span=6)
    pages.set_grid("card", form)
    people = FormGrid(columns=1)
    contacts = people.add("contacts", "", RowsEditor("contacts", home, today=today))
    pages.set_grid("contacts", people)
    care = FormGrid(columns=6)
    care.add("occupation", _T["occupation"], TextEdit(max_length=40), span=2, clause="REFER-04")
    care.add("origin", _T["origin"], Choice(list(ORIGINS.items())), span=2, clause="CRM-11")
    care.add("care_level", _T["care_level"], Choice(list(CARE_LEVELS.items())), span=2, clause="CRM-12")
    care.add("custodian_id", _T["custodian_id"], Choice([], translate=False), span=2, clause="CRM-32")
    care.add("may_contact", _T["may_contact"], Choice(list(CONSENTS.items())), span=2)
    care.add("consent_on", _T["consent_on"], DayEdit(today=today), span=2)
    referrer = care.add("referrer_id", _T["referrer_id"], CustomerPick(ctx), span=3, clause="REFER-01")
    referrer.enter_first()
    care.add("referral_way", _T["referral_way"], Choice(list(REFERRAL_WAYS.items())), span=3)
    care.add("referral_note", _T["referral_note"], TextEdit(max_length=200), span=6, clause="REFER-03")
    care.add("core", "", Tick(_T["core"]), span=6)
    pages.set_grid("care", care)
    return phones, contacts, referrer
