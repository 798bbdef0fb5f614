"""The form of a customer: new or changed, with phones and contact persons, and the comparison when two changed it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, NeedsConfirmation, ValidationError
from crmdesk.core.i18n import _
from crmdesk.core.money import quantize
from crmdesk.services.archive import Archive, get_archive
from crmdesk.services.archive_fields import find_fields
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, get_customer
from crmdesk.services.customer_forms import (
    FIELD_TITLES,
    ContactEntry,
    CustomerForm,
    PhoneEntry,
    RelativeEntry,
)
from crmdesk.services.customers import create_customer, update_customer
from crmdesk.services.duplicates import Alike
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs, errors
from crmdesk.ui.customers.archive_part import PREFIX, ArchivePart
from crmdesk.ui.customers.duplicates import AlikePanel, Typed
from crmdesk.ui.customers.form_fields import CHOICE_NAMES, PAGES, Difference, build_pages
from crmdesk.ui.customers.form_pages import FormPages
from crmdesk.ui.customers.merge import held, merge, with_held, words
from crmdesk.ui.kept import Kept, back_again, chosen
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import (
    Button,
    Card,
    Label,
    Scroll,
    Well,
    column,
    row,
)  # fmt: skip

_T = FIELD_TITLES


class CustomerFormView(Card):
    """``load`` a card or start a new one; ``saved(id)`` when it is kept, ``left`` when it is given up."""

    saved = Signal(int, str)  # id, a sentence to say
    left = Signal()
    told = Signal(str)
    alike_chosen = Signal(int)  # a card that is perhaps the same customer
    merge_asked = Signal(int, int)  # this card, and one to merge it with

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 14), spacing=10, parent=parent)
        self.ctx = ctx
        self.card: CustomerCard | None = None
        self._base = CustomerForm("")
        self.once = Once()
        self.kept = Kept(ctx, "customer", self)
        self.kept.due.connect(self.keep_draft)
        self._theirs: CustomerCard | None = None
        self._differences: list[Difference] = []
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
        self.alike = AlikePanel(ctx, self._typed_so_far)
        self.alike.chosen.connect(self._alike_chosen)
        self.alike.merge_asked.connect(self._merge_alike)
        self.body.addWidget(self.alike)
        self.form = FormPages(PAGES)
        self.archive: Archive | None = None
        self._pending: dict[str, Any] = {}  # of a draft: what was typed into fields that are closed now
        self.phones, self.contacts, self.referrer = build_pages(ctx, self.form)
        self.part = ArchivePart(ctx, self.form)
        self.part.opened.connect(self._opened)
        self.part.asked.connect(self._asked)
        self.body.addWidget(self.form, 1)
        self.form.finished.connect(self.save)
        self.form.changed.connect(self.kept.touch)
        self.form.changed.connect(self.alike.touch)

    def retranslate(self) -> None:
        """Write all words in the language in force; what is typed stays."""
        self.save_button.setText(_("Save"))
        self.cancel_button.setText(_("Cancel"))
        self.form.retranslate()
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
        self._load_archive()
        self._show(CustomerForm(name, phones=phones))
        self.form.show_field("opening_balance", True)
        if not (phone or name):
            self._take_draft()
        self.form.focus_first("name")

    def load(self, card: CustomerCard, *, field: str = "") -> None:
        """Show a card to be changed, the focus in ``field`` or the first."""
        self.card = card
        if not self._load_archive():
            return
        assert self.archive is not None
        self._show(self.archive.on(card.form))
        self.form.show_field("opening_balance", False)
        self._take_draft()
        self.form.focus_first(field if field in self.form.names() else "name")

    def _load_archive(self) -> bool:
        """Read the office's fields and what is open of the customer's archive; False when that failed.

        A new card is typed all the same while the server is away, with the fields that were read last.
        """
        try:
            self.archive = get_archive(self.ctx, self.card.id) if self.card is not None else None
            self.part.set_fields(self.archive.fields if self.archive is not None else find_fields(self.ctx))
        except CrmError as error:
            errors.show_error(self, error)
            if self.card is not None:
                return False
            if self.part.relatives is None:  # nothing was ever read: the house's own pages
                self.part.set_fields(())
        self.part.show_archive(self.archive)
        return True

    def _opened(self) -> None:
        """The look is written down: show the closed fields; what is typed elsewhere stays."""
        before, dirty = self.form.values(), self.form.dirty
        if self.card is None or not self._load_archive() or self.archive is None:
            return
        self._base = self.archive.on(self._base)
        fresh: dict[str, Any] = {**self.part.values_of(self._base.archive), "relatives": self._base.relatives or ()}
        closed = {name for name, field in self.part.fields.items() if field.protected} | {"relatives"}
        values = {name: value for name, value in before.items() if name not in closed}
        values |= {name: self._pending.get(name, fresh[name]) for name in closed}
        self.form.load(values)
        self.form.set_dirty(dirty or bool(self._pending))
        self.form.focus_first("relatives" if self.form.page == "family" else next(
            (name for name in self.part.fields if name in closed and self.part.fields[name].section == self.form.page),
            "relatives",
        ))  # fmt: skip

    def _asked(self) -> None:
        self._load_archive()
        self.told.emit(_("Asked. You may look as soon as it is approved, for that day."))

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
        draft = self.kept.find(card.id if card else None, CustomerForm, PhoneEntry, ContactEntry, RelativeEntry)
        if draft is None:
            return
        if card is not None:
            self.card = replace(card, version=draft["version"])
        self._base = draft["base"]
        self.once = Once(draft["token"])
        typed = chosen(draft["values"], self.form.names())
        if not self.part.is_open:
            closed = {name for name, field in self.part.fields.items() if field.protected} | {"relatives"}
            self._pending = {name: typed.pop(name) for name in closed & set(typed) if typed[name]}
        self.form.load(self.form.values() | typed)
        self.form.set_dirty(True)
        self.told.emit(back_again())

    def _typed_so_far(self) -> Typed:
        """What tells one customer from another; on a card that is here already, only what was changed counts."""
        values = self.form.values()
        phones = tuple(entry.number for entry in values["phones"] if entry.number)
        typed = Typed(str(values["name"]), str(values["company"]), phones, str(values["address"]))
        return typed._replace(own_id=self.card.id) if self.card is not None else typed

    def _alike_chosen(self, alike: Alike) -> None:
        self.alike_chosen.emit(alike.id)

    def _merge_alike(self, alike: Alike) -> None:
        if self.card is not None:
            self.merge_asked.emit(self.card.id, alike.id)

    def _show(self, form: CustomerForm) -> None:
        self._hide_conflict()
        self.alike.clear()
        self._pending = {}
        self.kept.drop()
        self.once.renew()
        self._load_staff(form.owner_id, form.custodian_id)
        self._base = form
        self._fill(form)
        self.form.field("opening_balance").set_value(None)
        self._write_title()

    def _fill(self, form: CustomerForm) -> None:
        own = self.part.fields
        values = {n: getattr(form, n) for n in self.form.names() if n != "opening_balance" and n not in own}
        values |= self.part.values_of(form.archive)
        values["credit_limit"] = quantize(form.credit_limit, self.ctx.office.currency) or None
        self.form.load(values)

    def _load_staff(self, *kept: int | None) -> None:
        try:
            members = find_staff(self.ctx, all_members=True)
        except CrmError as error:  # the form is written all the same; who is in charge can't be changed just now
            errors.show_error(self, error)
            return
        self._staff = {member.id: member.name for member in members}
        shown = [(m.id, m.name) for m in members if m.active or m.id in kept]
        for name in ("owner_id", "custodian_id"):
            self.form.field(name).set_choices([(None, "—"), *shown])

    def values(self) -> CustomerForm:
        """Return what is typed."""
        values: dict[str, Any] = dict(self.form.values())
        values["credit_limit"] = values["credit_limit"] or Decimal(0)
        values["opening_balance"] = values["opening_balance"] or Decimal(0)
        for name in CHOICE_NAMES:
            values[name] = str(values[name] or "")
        values["archive"] = self.part.typed(values)
        values = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
        if not self.part.is_open:
            values["relatives"] = None
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
        self._base = replace(self.card.form, archive=None, relatives=None)
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
        for editor in (self.contacts, self.part.relatives):
            if editor is not None and any(name.startswith(f"{editor.kind}.") for name in rest):
                self.form.focus_first(editor.kind)
                shown = editor.set_errors(rest) or shown
        if rest and not shown:
            errors.show_error(self, error)

    def _compare(self, mine: CustomerForm, conflict: ConflictError) -> None:
        """Join both changes; what only one of us changed needs no question."""
        assert self.card is not None
        try:
            theirs = get_customer(self.ctx, self.card.id)
            archive = get_archive(self.ctx, self.card.id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        theirs = replace(theirs, form=archive.on(theirs.form))
        joined = merge(self._base, mine, theirs.form)
        if not joined.both:
            told = _("Saved. {name} had changed {fields}; both changes are kept.")
            if theirs.id != self.card.id:
                told = _("{name} merged this card into another meanwhile; what you typed is saved there.")
            self.card = theirs
            names = _(", ").join(self._title(name) for name in joined.theirs)
            try:
                update_customer(self.ctx, theirs.id, theirs.version, joined.form, confirmed={"same_phone"})
            except CrmError as error:
                errors.show_error(self, error)
                return
            self._kept(theirs.id, told.format(name=conflict.by or _("A colleague"), fields=names or "—"))
            return
        self._theirs, self.archive = theirs, archive
        self._base = theirs.form
        self._fill(joined.form)
        self.form.set_dirty(True)
        self.conflict_label.setText(
            _("{name} changed the same fields in the meantime. Choose for each, then save again.").format(
                name=conflict.by or _("A colleague")
            )
        )
        my, their = held(mine), held(theirs.form)
        for name in joined.both:
            field = self.part.fields.get(name)
            said = [words(name, values.get(name), self._staff, field) for values in (my, their)]
            difference = Difference(name, self._title(name), *said)
            self._differences.append(difference)
            self.conflict_well.body.addWidget(difference)
        self.conflict.show()
        self._differences[0].choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_choices(self) -> None:
        assert self._theirs is not None
        theirs, their = self._theirs, held(self._theirs.form)
        taken = {d.name: their.get(d.name) for d in self._differences if d.choice.value() == "theirs"}
        form = with_held(self.values(), taken)
        self.card = theirs
        self._hide_conflict()
        self._save(form, set())

    def _title(self, name: str) -> str:
        return self.part.title(name) or _(_T.get(name, name))

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
