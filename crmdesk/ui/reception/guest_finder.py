"""Who comes: a search over names and numbers, or the known customer it found."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.customer_search import PersonRow, find_people
from crmdesk.ui.reception import words
from crmdesk.ui.widgets import (
    Avatar,
    Button,
    Card,
    ElideLabel,
    Label,
    Match,
    MatchList,
    Pill,
    TextEdit,
    Well,
    column,
)
from crmdesk.ui.widgets.pill import KIND_TONES

MATCHES = 4


class GuestFinder(QWidget):
    """The search field with its matches; once a customer is taken, a well that says who it is."""

    typed = Signal(str)
    taken = Signal(int)  # a customer
    passed = Signal()  # Enter without a match: on to the next field
    cleared = Signal()  # it is somebody else
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.search_label = Label("", "label", "muted")
        self.edit = TextEdit(size="big", icon="search", placeholder=N_("Name, pinyin initials or end of number"))
        self.search_label.setBuddy(self.edit)
        self.match_frame = Card(margins=1, spacing=0)
        self.match_list = MatchList(visible_rows=MATCHES)
        self.match_frame.add(self.match_list)
        self._search_part = QWidget()
        self._search_part.setLayout(column(self.search_label, self.edit, self.match_frame, spacing=4))
        self.known = Well()
        self.avatar = Avatar("", 36)
        self.name = ElideLabel("", "strong")
        self.detail = ElideLabel("", "label", "muted")
        self.pill = Pill()
        self.other_button = Button("", kind="link", size="row")
        names = QWidget()
        names.setLayout(column(self.name, self.detail, spacing=0))
        self.known.body.addWidget(self.avatar)
        self.known.body.addWidget(names, 1)
        self.known.body.addWidget(self.pill)
        self.known.body.addWidget(self.other_button)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._search_part)
        body.addWidget(self.known)
        self.edit.value_changed.connect(self._typed)
        self.edit.installEventFilter(self)
        self.match_list.taken.connect(self._taken)
        self.other_button.clicked.connect(self.cleared)
        self.show_customer(None)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.search_label.setText(_("Who is it?"))
        self.edit.setAccessibleName(_("Who is it?"))
        self.match_list.take_word = _("Pick")
        self.other_button.setText(_("Somebody else"))

    def show_customer(self, card: CustomerCard | None) -> None:
        """Show whom was taken; None is the search again."""
        self.known.setVisible(card is not None)
        self._search_part.setVisible(card is None)
        self.show_matches([], "")
        if card is not None:
            self.avatar.set_name(card.name)
            self.name.setText(card.name)
            self.detail.setText(words.joined(card.phone, card.company, card.region))
            self.pill.set(kind_title(card.kind, card.grade), KIND_TONES.get(card.kind, "neutral"))

    def search(self, typed: str) -> None:
        """Show who may be meant; at once, a key press must not wait."""
        try:
            people = find_people(self._ctx, typed, limit=MATCHES) if len(typed) > 1 else []
        except CrmError as error:
            self.failed.emit(error)
            return
        self.show_matches(people, typed)

    def show_matches(self, people: list[PersonRow], typed: str) -> None:
        """Show these people under the field."""
        self.match_list.set_matches([_match(person) for person in people], typed)
        self.match_frame.setVisible(bool(people))

    def exact(self) -> int | None:
        """Return the only customer whose whole name or number was typed."""
        found = [match.record.id for match in self.match_list.matches if match.record.exact]
        return int(found[0]) if len(found) == 1 else None

    def _typed(self) -> None:
        typed = self.edit.text().strip()
        self.typed.emit(typed)
        self.search(typed)

    def _taken(self, match: Match) -> None:
        self.taken.emit(match.record.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.match_list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                if not self.match_list.take():
                    self.passed.emit()
                return True
        return super().eventFilter(watched, event)


def _match(person: PersonRow) -> Match:
    return Match(
        title=person.name,
        detail=person.phone,
        pill=kind_title(person.kind, person.grade),
        tone=KIND_TONES.get(person.kind, "neutral"),
        rest=words.joined(person.via, person.company, person.region),
        record=person,
    )
