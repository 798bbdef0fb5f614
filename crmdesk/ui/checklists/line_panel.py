"""Beside a checklist: the line in hand with its note, its photo, and the second person's signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.pack_tables import in_language
from crmdesk.services import checklists
from crmdesk.services.checklists import LineRow
from crmdesk.services.context import Context
from crmdesk.ui import dialogs
from crmdesk.ui.checklists import words
from crmdesk.ui.repairs import picture
from crmdesk.ui.widgets import Button, Card, Choice, FormGrid, Label, NoteEdit, PasswordEdit, Scroll, Well, row

PHOTO = 150  # pixels high


class LinePanel(Card):
    """``tick_asked``, ``sign_asked``, ``fault_asked`` and ``back_asked`` are for the page; the form says the rest."""

    tick_asked = Signal()
    sign_asked = Signal()
    fault_asked = Signal()
    back_asked = Signal()
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 14), spacing=8, parent=parent)
        self.ctx = ctx
        self.row: LineRow | None = None
        self.photo: bytes | None = None
        self._may = False
        self._typed: dict[str, str] = {}  # notes being typed, by line: going to another line loses nothing
        self.text_label = Label("", "card", wrap=True)
        self.wants_label = Label("", "label", "muted", wrap=True)
        self.said_label = Label("", "body", wrap=True)
        self.seen_well = Well()
        self.seen_label = Label("", "body", wrap=True)
        self.seen_well.body.addWidget(self.seen_label, 1)
        self.form = FormGrid(columns=1)
        self.form.add("note", N_("Note"), NoteEdit(lines=3, max_length=400))
        self.form.field("note").setMaximumHeight(110)
        self.form.add("person", N_("Second person"), Choice(translate=False))
        self.form.add("password", N_("Your password"), PasswordEdit())
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.picture = Label("", align=Qt.AlignmentFlag.AlignHCenter)
        self.photo_error = Label("", "label", "danger", wrap=True)
        self.photo_button = Button("", icon="camera", size="row", key="F5")
        self.tick_button = Button("", kind="primary", key="Ctrl+Enter", icon="check")
        self.sign_button = Button("", kind="primary", icon="pencil")
        self.fault_button = Button("", key="F6", icon="triangle-alert")
        self.back_button = Button("", key="Ctrl+Z", icon="undo-2")
        host = QWidget()
        inside = QVBoxLayout(host)
        inside.setContentsMargins(2, 2, 6, 2)  # room for the focus ring
        inside.setSpacing(8)
        for widget in (self.text_label, self.wants_label, self.said_label, self.seen_well, self.form, self.picture,
                       self.photo_error):  # fmt: skip
            inside.addWidget(widget)
        inside.addLayout(row(self.photo_button, None))
        inside.addStretch(1)
        self.body.addWidget(Scroll(host, least=120), 1)
        self.add(self.tick_button, self.sign_button, self.fault_button, self.back_button)
        self.form.changed.connect(self._note_typed)
        self.form.finished.connect(self.sign_asked)
        self.photo_button.clicked.connect(self.choose_photo)
        self.tick_button.clicked.connect(self.tick_asked)
        self.sign_button.clicked.connect(self.sign_asked)
        self.fault_button.clicked.connect(self.fault_asked)
        self.back_button.clicked.connect(self.back_asked)
        paste = QShortcut(QKeySequence("Ctrl+Shift+V"), self)
        paste.activated.connect(self.paste_photo)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.tick_button.setText(_("Tick"))
        self.sign_button.setText(_("Sign"))
        self.fault_button.setText(_("Not in order"))
        self.back_button.setText(_("Take tick back"))
        self.photo_button.setText(_("Photo"))
        self.photo_button.setToolTip(_("Choose a picture file; Ctrl+Shift+V pastes one."))

    def show_row(
        self, found: LineRow | None, may: bool, people: Sequence[tuple[str, str]], photo: bytes | None
    ) -> None:
        """Show a line; what was typed for it stays."""
        fresh = (found.line.key if found else "") != (self.row.line.key if self.row else "")
        self.row, self._may = found, may
        self.setVisible(found is not None)
        if found is None:
            return
        state = found.state
        if fresh:
            self.photo = None
            self.photo_error.hide()
            self.form.load({"note": self._typed.get(found.line.key, ""), "password": ""})
            self.form.field("person").set_choices(people)
        self.text_label.setText(in_language(found.line.text))
        self.wants_label.setText(words.wants_word(found))
        self.wants_label.setVisible(bool(self.wants_label.text()))
        self.said_label.setText(words.said_word(self.ctx, found))
        self.said_label.set_colour("danger" if state == "fault" else "text")
        self.said_label.setVisible(found.tick is not None)
        self.seen_well.setVisible(found.seen is not None)
        if found.seen is not None:
            self.seen_label.setText(_("The program sees: {seen}").format(seen=found.seen.text))
            self.seen_well.set_tone("ok" if found.seen.ok else "warning")
        writing = may and state in ("open", "fault")
        self.form.show_field("note", writing)
        signing = may and state == "half"
        for name in ("person", "password"):
            self.form.show_field(name, signing)
        self.photo_button.setVisible(writing)
        self.tick_button.setVisible(writing)
        self.sign_button.setVisible(signing)
        self.fault_button.setVisible(may and state != "fault")
        self.back_button.setVisible(may and found.tick is not None)
        self._show_photo(self.photo or photo)

    def _show_photo(self, data: bytes | None) -> None:
        pixels = QPixmap()
        if data and pixels.loadFromData(data):
            self.picture.setPixmap(pixels.scaledToHeight(PHOTO, Qt.TransformationMode.SmoothTransformation))
            self.picture.setAccessibleName(_("Photo"))
        self.picture.setVisible(bool(data))

    def note(self) -> str:
        """Return the note as typed."""
        return str(self.form.field("note").value())

    def signature(self) -> tuple[str, str]:
        """Return who signs second, and the password."""
        values = self.form.values()
        return str(values["person"] or ""), str(values["password"])

    def forget(self, key: str) -> None:
        """The line is settled: what was typed for it is written."""
        self._typed.pop(key, None)
        self.photo = None
        self.form.load({"note": "", "password": ""})

    def forget_all(self) -> None:
        """Another list is opened."""
        self._typed.clear()
        self.row = None

    def say(self, errors: Mapping[str, str]) -> bool:
        """Show what is missing under its field; False when there is no such field here."""
        rest = dict(self.form.set_errors(errors))
        photo = rest.pop("photo", "")
        self.photo_error.setText(photo)
        self.photo_error.setVisible(bool(photo))
        if photo:
            self.photo_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return not rest

    def focus_note(self) -> None:
        """Put the focus into the note."""
        self.form.focus_first("note")

    def focus_second(self) -> None:
        """Put the focus on the second person."""
        self.form.focus_first("person")

    def choose_photo(self) -> None:
        """Ask for a picture file."""
        path = dialogs.open_file(self, _("Photo for the checklist"), f"{_('Pictures')} ({picture.FILTER})")
        if path:
            self._take(path=path)

    def paste_photo(self) -> None:
        """Take the picture from the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        if self._may and mime is not None and picture.has_picture(mime):
            self._take()

    def _take(self, path: str = "") -> None:
        try:
            found = [picture.read_file(path)] if path else picture.from_mime(QGuiApplication.clipboard().mimeData())
        except CrmError as error:
            self.failed.emit(error)
            return
        if found:
            self.photo = found[0]
            self.say({})
            self._show_photo(self.photo)

    def _note_typed(self, name: str) -> None:
        if self.row is not None and name == "note":
            self._typed[self.row.line.key] = self.note()


def read_photo(ctx: Context, checklist_id: int | None, found: LineRow | None) -> bytes | None:
    """Return the photo of a line that has one."""
    if checklist_id is None or found is None or found.tick is None or not found.tick.has_photo:
        return None
    return checklists.get_photo(ctx, checklist_id, found.line.key)
