"""Who brings the piece: found by name or number, or written down as a new customer (REP-05)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry, kind_title
from crmdesk.services.customer_search import PersonRow, find_people
from crmdesk.ui.repairs.words import joined
from crmdesk.ui.widgets import (
    Avatar,
    Button,
    ElideLabel,
    FormGrid,
    Match,
    MatchList,
    PhoneEdit,
    Pill,
    TextEdit,
    Well,
    column,
    row,
)  # fmt: skip
from crmdesk.ui.widgets.pill import KIND_TONES

MATCHES = 5


class CustomerField(QWidget):
    """Name and number with the matches under them; a customer once found stands there as a card."""

    changed = Signal()
    finished = Signal()
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.customer_id: int | None = None
        self.name = ""
        self.form = FormGrid(columns=2)
        self.name_edit = self.form.add(
            "name", N_("Customer"), TextEdit(max_length=120, icon="search", placeholder=N_("Name, number or code")),
            clause="REP-05", required=True,
        )  # fmt: skip
        self.phone_edit = self.form.add("phones.0", N_("Phone"), PhoneEdit(home=ctx.office.home))
        self.match_list = MatchList(visible_rows=MATCHES)
        self.match_list.hide()
        self.finder = QWidget()
        finder = QVBoxLayout(self.finder)
        finder.setContentsMargins(0, 0, 0, 0)
        finder.setSpacing(4)
        finder.addWidget(self.form)
        finder.addWidget(self.match_list)
        self.avatar = Avatar("", 40)
        self.name_label = ElideLabel("", "strong")
        self.detail_label = ElideLabel("", "label", "muted")
        self.pill = Pill("")
        self.other_button = Button("", kind="link", size="row")
        self.other_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.known = Well(margins=(12, 8, 12, 8))
        self.known.body.addWidget(self.avatar)
        words = column(self.name_label, self.detail_label, spacing=1)
        self.known.body.addLayout(words, 1)
        self.known.body.addLayout(row(self.pill, self.other_button))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.finder)
        whole.addWidget(self.known)
        self.name_edit.value_changed.connect(self._name_typed)
        self.phone_edit.value_changed.connect(self._phone_typed)
        self.name_edit.installEventFilter(self)
        self.phone_edit.installEventFilter(self)
        self.match_list.taken.connect(self._taken)
        self.form.finished.connect(self.finished)
        self.other_button.clicked.connect(self._somebody_else)
        self._show()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.other_button.setText(_("Somebody else"))
        self.match_list.take_word = _("Pick")

    def new_customer(self) -> CustomerForm | None:
        """Return the customer to be registered; None when one was found or nothing is written."""
        name, phone = str(self.name_edit.value()), str(self.phone_edit.value())
        if self.customer_id is not None or not (name or phone) or not self.ctx.may(Right.CUSTOMER_EDIT):
            return None
        return CustomerForm(name, kind="retail", phones=(PhoneEntry(phone),) if phone else ())

    def clear(self, *, name: str = "", phone: str = "") -> None:
        """Begin with nobody, or with what is known of a stranger."""
        self.customer_id, self.name = None, ""
        self.form.load({"name": name, "phones.0": phone})
        self._show()
        if phone or name:
            self._search(phone or name)

    def take(self, customer_id: int) -> None:
        """Show a customer by his id."""
        try:
            card = get_customer(self.ctx, customer_id)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.customer_id, self.name = card.id, card.name
        self.avatar.set_name(card.name)
        self.name_label.setText(card.name)
        self.detail_label.setText(joined(card.phone, card.company, card.region))
        self.pill.set(kind_title(card.kind, card.grade), KIND_TONES.get(card.kind, "neutral"))
        self.form.load({"name": "", "phones.0": ""})
        self._show()

    def take_exact(self) -> None:
        """Take the one customer whose whole name or number is written, so that nobody is registered twice."""
        exact = [match for match in self.match_list.matches if match.record.exact]
        if self.customer_id is None and len(exact) == 1:
            self.take(exact[0].record.id)

    def set_errors(self, errors: dict[str, str]) -> dict[str, str]:
        """Show the sentences of these fields and return the rest."""
        mine = {"customer": "name", "name": "name", "phones.0": "phones.0"}
        here = {mine[name]: text for name, text in errors.items() if name in mine}
        self.form.set_errors(here, focus=self.customer_id is None)
        return {name: text for name, text in errors.items() if name not in mine or self.customer_id is not None}

    def first_focus(self) -> None:
        """Put the focus into the name."""
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_typed(self) -> None:
        self._search(self.name_edit.text().strip())

    def _phone_typed(self) -> None:
        self._search(self.phone_edit.text().strip())

    def _search(self, typed: str) -> None:
        self.changed.emit()
        try:
            people = find_people(self.ctx, typed, limit=MATCHES) if len(typed) > 1 else []
        except CrmError as error:
            self.failed.emit(error)
            return
        self.match_list.set_matches([_match(person) for person in people], typed)
        self.match_list.setVisible(bool(people))

    def _taken(self, match: Match) -> None:
        self.take(match.record.id)
        self.changed.emit()
        self.finished.emit()

    def _somebody_else(self) -> None:
        self.clear()
        self.changed.emit()
        self.first_focus()

    def _show(self) -> None:
        known = self.customer_id is not None
        self.finder.setVisible(not known)
        self.known.setVisible(known)
        self.match_list.set_matches([], "")
        self.match_list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.match_list.matches:
            key = event.key()
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.match_list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                return self.match_list.take()
            if key == Qt.Key.Key_Escape:
                self.match_list.set_matches([], "")
                self.match_list.hide()
                return True
        return super().eventFilter(watched, event)


def _match(person: PersonRow) -> Match:
    return Match(
        title=person.name, detail=person.phone, pill=kind_title(person.kind, person.grade),
        tone=KIND_TONES.get(person.kind, "neutral"),
        rest=joined(person.via, person.company, person.region), record=person,
    )  # fmt: skip
