"""The form of a customer: new or changed, with phones and contact persons, and the comparison when two changed it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, NeedsConfirmation, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import quantize
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, get_customer
from crmdesk.services.customer_forms import (
    FIELD_TITLES,
    GENDERS,
    GRADES,
    KINDS,
    ContactEntry,
    CustomerForm,
    PhoneEntry,
)
from crmdesk.services.customers import create_customer, update_customer
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs, errors
from crmdesk.ui.customers.merge import merge, words
from crmdesk.ui.customers.rows_editor import RowsEditor
from crmdesk.ui.kept import Kept, back_again, chosen
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import (
    Button,
    Card,
    Choice,
    DayEdit,
    FormGrid,
    Label,
    MoneyEdit,
    NoteEdit,
    Scroll,
    Segments,
    TextEdit,
    Tick,
    Well,
    column,
    row,
)  # fmt: skip

_T = FIELD_TITLES


class _Difference(QWidget):
    """One field both changed: mine and theirs, one of them chosen."""

    def __init__(self, name: str, mine: str, theirs: str) -> None:
        super().__init__()
        self.name = name
        self.choice = Segments([("mine", N_("Keep mine")), ("theirs", N_("Take theirs"))], value="mine", size="small")
        self.choice.setAccessibleName(_(_T[name]))
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(2)
        body.addLayout(row(Label(_(_T[name]), "strong"), None, self.choice))
        body.addWidget(Label(_("Mine: {text}").format(text=mine), wrap=True))
        body.addWidget(Label(_("Theirs: {text}").format(text=theirs), wrap=True))


class CustomerFormView(Card):
    """``load`` a card or start a new one; ``saved(id)`` when it is kept, ``left`` when it is given up."""

    saved = Signal(int, str)  # id, a sentence to say
    left = Signal()
    told = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 14), spacing=10, parent=parent)
        self.ctx = ctx
        self.card: CustomerCard | None = None
        self._base = CustomerForm("")
        self.once = Once()
        self.kept = Kept(ctx, "customer", self)
        self.kept.due.connect(self.keep_draft)
        self._theirs: CustomerCard | None = None
        self._differences: list[_Difference] = []
        self._staff: dict[int, str] = {}
        self.title_label = Label("", "page")
        self.hint_label = Label("", "label", "muted")
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.cancel_button = Button("", key="Esc")
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.give_up)
        self.add(row(column(self.title_label, self.hint_label, spacing=2), None, self.cancel_button, self.save_button))
        self.conflict_well = Well(tone="warning", vertical=True)
        self.conflict_label = Label("", "strong", wrap=True)
        self.conflict_well.body.addWidget(self.conflict_label)
        self.conflict = Scroll(self.conflict_well)  # many fields scroll; the form below stays in sight
        self.conflict.setFixedHeight(190)
        self.conflict.hide()
        self.body.addWidget(self.conflict)
        self.form = FormGrid(columns=6)
        self._build()
        holder = QWidget()
        lay = QVBoxLayout(holder)
        lay.setContentsMargins(0, 0, 10, 0)
        lay.addWidget(self.form)
        lay.addStretch(1)
        self.body.addWidget(Scroll(holder), 1)
        self.form.finished.connect(self.save)
        self.form.changed.connect(self.kept.touch)

    def _build(self) -> None:
        form, home = self.form, self.ctx.office.home
        form.add("name", _T["name"], TextEdit(max_length=80), span=2, required=True, clause="SET-01")
        form.add("gender", _T["gender"], Choice(list(GENDERS.items())))
        form.add("company", _T["company"], TextEdit(max_length=80), span=3)
        form.add("kind", _T["kind"], Choice(list(KINDS.items())), required=True, clause="CALL-14", span=2)
        form.add("grade", _T["grade"], Choice([("", N_("None")), *[(g, g) for g in GRADES[1:]]]))
        form.add("owner_id", _T["owner_id"], Choice([], translate=False))
        form.add("since", _T["since"], DayEdit(today=self.ctx.clock.today), span=2)
        self.phones = form.add("phones", _T["phones"], RowsEditor("phones", home), span=6)
        form.add("region", _T["region"], TextEdit(max_length=40), span=2)
        form.add("address", _T["address"], TextEdit(max_length=200), span=4)
        self.contacts = form.add("contacts", _T["contacts"], RowsEditor("contacts", home), span=6)
        form.add("likes", _T["likes"], TextEdit(max_length=200), span=3, clause="CRM-13")
        form.add("avoid", _T["avoid"], TextEdit(max_length=200), span=3)
        form.add("birthday", _T["birthday"], TextEdit(max_length=20), span=2)
        form.add("credit_limit", _T["credit_limit"], MoneyEdit(), span=2)
        form.add("opening_balance", _T["opening_balance"], MoneyEdit(), span=2)
        form.add("note", _T["note"], NoteEdit(lines=3, max_length=4000), span=6)
        form.add("active", "", Tick(N_("Show this customer in lists")), span=6)

    def retranslate(self) -> None:
        """Write all words in the language in force; what is typed stays."""
        self.save_button.setText(_("Save"))
        self.cancel_button.setText(_("Cancel"))
        self._write_title()

    def _write_title(self) -> None:
        if self.card is None:
            self.title_label.setText(_("New customer"))
            self.hint_label.setText(_("The code is given when the card is saved."))
        else:
            self.title_label.setText(_("Change {name}").format(name=self.card.name))
            self.hint_label.setText(_("Customer {code}").format(code=self.card.code))

    # loading ----------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.form.dirty

    def begin_new(self, *, phone: str = "", name: str = "") -> None:
        """Start an empty card, with what is known already."""
        phones = (PhoneEntry(phone),) if phone else ()
        self.card = None
        self._show(CustomerForm(name, phones=phones))
        self.form.show_field("opening_balance", True)
        if not (phone or name):
            self._take_draft()
        self.form.focus_first("name")

    def load(self, card: CustomerCard, *, field: str = "") -> None:
        """Show a card to be changed, the focus in ``field`` or the first."""
        self.card = card
        self._show(card.form)
        self.form.show_field("opening_balance", False)
        self._take_draft()
        self.form.focus_first(field if field in self.form.names() else "name")

    def keep_draft(self) -> None:
        """Write down what is half typed, for the case that the program or the power fails."""
        if self.dirty:
            card = self.card
            self.kept.keep({
                "id": card.id if card else None, "version": card.version if card else None, "base": self._base,
                "token": self.once.token, "values": self.form.values(),
            })  # fmt: skip

    def _take_draft(self) -> None:
        """Show again what was half typed when the program ended; who changed the card since is asked when saving."""
        card = self.card
        draft = self.kept.find(card.id if card else None, CustomerForm, PhoneEntry, ContactEntry)
        if draft is None:
            return
        if card is not None:
            self.card = replace(card, version=draft["version"])
        self._base = draft["base"]
        self.once = Once(draft["token"])
        self.form.load(self.form.values() | chosen(draft["values"], self.form.names()))
        self.form.set_dirty(True)
        self.told.emit(back_again())

    def _show(self, form: CustomerForm) -> None:
        self._hide_conflict()
        self.kept.drop()
        self.once.renew()
        self._load_staff(form.owner_id)
        self._base = form
        self._fill(form)
        self.form.field("opening_balance").set_value(None)
        self._write_title()

    def _fill(self, form: CustomerForm) -> None:
        values = {name: getattr(form, name) for name in self.form.names() if name != "opening_balance"}
        values["credit_limit"] = quantize(form.credit_limit, self.ctx.office.currency) or None
        self.form.load(values)

    def _load_staff(self, owner_id: int | None) -> None:
        try:
            members = find_staff(self.ctx, all_members=True)
        except CrmError as error:  # the form is written all the same; who is in charge can't be changed just now
            errors.show_error(self, error)
            return
        self._staff = {member.id: member.name for member in members}
        shown = [(m.id, m.name) for m in members if m.active or m.id == owner_id]
        self.form.field("owner_id").set_choices([(None, "—"), *shown])

    def values(self) -> CustomerForm:
        """Return what is typed."""
        values: dict[str, Any] = dict(self.form.values())
        values["credit_limit"] = values["credit_limit"] or Decimal(0)
        values["opening_balance"] = values["opening_balance"] or Decimal(0)
        for name in ("gender", "grade", "kind"):
            values[name] = str(values[name] or "")
        return replace(self._base, **values)

    # saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the card (Ctrl+Enter); errors stand under their fields, a colleague's change is compared."""
        self.phones.set_errors({})
        self.contacts.set_errors({})
        if not self.form.check():
            return
        if self._theirs is not None:
            self._take_choices()
            return
        self._save(self.values(), set())

    def _save(self, form: CustomerForm, confirmed: set[str]) -> None:
        form = self.once.stamp(form)
        try:
            if self.card is None:
                made = create_customer(self.ctx, form, confirmed=confirmed)
                self._kept(made.id, _("{name} is customer {code} now.").format(name=form.name.strip(), code=made.code))
            else:
                update_customer(self.ctx, self.card.id, self.card.version, form, confirmed=confirmed)
                self._kept(self.card.id, _("Saved."))
        except NeedsConfirmation as question:
            if dialogs.ask(self, question.message, yes=_("Keep both"), no=_("Back")):
                self._save(form, confirmed | {question.key})
        except ValidationError as error:
            self._show_errors(error)
        except ConflictError as conflict:
            self._compare(form, conflict)
        except AlreadySaved as error:
            self._saved_before(error, form)
        except CrmError as error:
            errors.show_error(self, error)

    def _saved_before(self, error: AlreadySaved, form: CustomerForm) -> None:
        """Show the customer whose answer got lost; what was typed since the first try is written now."""
        if not self.once.changed(form):
            self._kept(error.record_id, error.message)
            return
        try:
            self.card = get_customer(self.ctx, error.record_id)
        except CrmError as other:
            errors.show_error(self, other)
            return
        self._base = self.card.form
        self.once.renew()
        self._save(form, {"same_phone"})

    def _kept(self, customer_id: int, sentence: str) -> None:
        self._hide_conflict()
        self.form.set_dirty(False)
        self.kept.drop()
        self.saved.emit(customer_id, sentence)

    def _show_errors(self, error: ValidationError) -> None:
        rest = self.form.set_errors(error.fields)
        shown = self.phones.set_errors(rest)
        shown = self.contacts.set_errors(rest) or shown
        if rest and not shown:
            errors.show_error(self, error)

    def _compare(self, mine: CustomerForm, conflict: ConflictError) -> None:
        """Join both changes; what only one of us changed needs no question."""
        assert self.card is not None
        try:
            theirs = get_customer(self.ctx, self.card.id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        joined = merge(self._base, mine, theirs.form)
        if not joined.both:
            self.card = theirs
            names = "、".join(_(_T[name]) for name in joined.theirs)
            try:
                update_customer(self.ctx, theirs.id, theirs.version, joined.form, confirmed={"same_phone"})
            except CrmError as error:
                errors.show_error(self, error)
                return
            self._kept(theirs.id, _("Saved. {name} had changed {fields}; both changes are kept.").format(
                name=conflict.by or _("A colleague"), fields=names or "—"))  # fmt: skip
            return
        self._theirs = theirs
        self._base = theirs.form
        self._fill(joined.form)
        self.form.set_dirty(True)
        self.conflict_label.setText(
            _("{name} changed the same fields in the meantime. Choose for each, then save again.").format(
                name=conflict.by or _("A colleague")
            )
        )
        for name in joined.both:
            difference = _Difference(
                name,
                words(name, getattr(mine, name), self._staff),
                words(name, getattr(theirs.form, name), self._staff),
            )
            self._differences.append(difference)
            self.conflict_well.body.addWidget(difference)
        self.conflict.show()
        self._differences[0].choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_choices(self) -> None:
        assert self._theirs is not None
        theirs = self._theirs
        taken = {d.name: getattr(theirs.form, d.name) for d in self._differences if d.choice.value() == "theirs"}
        form = replace(self.values(), **taken)
        self.card = theirs
        self._hide_conflict()
        self._save(form, set())

    def _hide_conflict(self) -> None:
        self._theirs = None
        for difference in self._differences:
            difference.hide()
            difference.deleteLater()
        self._differences.clear()
        self.conflict.hide()

    def give_up(self) -> None:
        """Leave the form (Esc); ask only when something typed would be lost."""
        if self.may_leave():
            self.form.set_dirty(False)
            self.left.emit()

    def may_leave(self) -> bool:
        """Return whether nothing is lost by leaving, or the user agrees."""
        if self.dirty and not dialogs.ask(
            self, _("Leave without saving what you typed?"), yes=_("Leave"), no=_("Stay")
        ):
            return False
        self.kept.drop()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "cancel_button"):
            self.retranslate()
        super().changeEvent(event)
