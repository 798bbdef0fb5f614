"""What stands where protected fields are kept closed: who may opens them, who may not asks for a look (CRM-32)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import _, language, ngettext
from crmdesk.services.archive import Archive
from crmdesk.services.archive_looks import ask_consult, look
from crmdesk.services.context import Context
from crmdesk.ui import errors
from crmdesk.ui.widgets import Button, Label, TextEdit, Well, row


class ClosedPanel(Well):
    """``show_archive`` shows or hides it; ``opened`` when the look is written down and the fields may be read."""

    opened = Signal()
    asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(vertical=True, parent=parent)
        self.ctx = ctx
        self._archive: Archive | None = None
        self.words = Label("", "body", wrap=True)
        self.open_button = Button("", icon="key-round", key="Ctrl+O")
        self.reason_edit = TextEdit(max_length=400)
        self.ask_button = Button("", icon="send")
        self.said = Label("", "label", "danger", wrap=True)
        self.body.addWidget(self.words)
        self.body.addLayout(row(self.open_button, None))
        line = row(spacing=8)
        line.addWidget(self.reason_edit, 1)
        line.addWidget(self.ask_button)
        self.body.addLayout(line)
        self.body.addWidget(self.said)
        self.open_button.clicked.connect(self.open)
        self.ask_button.clicked.connect(self.ask)
        self.reason_edit.returnPressed.connect(self.ask)
        self.retranslate()

    def show_archive(self, archive: Archive | None) -> None:
        """Show how a customer's closed fields stand; nothing to see when they are open or there is no customer."""
        self._archive = archive
        self.setVisible(archive is not None and not archive.opened)
        if archive is None:
            return
        waits = archive.consult == "waiting"
        self.open_button.setVisible(archive.may_open)
        self.reason_edit.setVisible(not archive.may_open and not waits)
        self.ask_button.setVisible(not archive.may_open and not waits)
        self.said.setVisible(False)
        self.setFocusProxy(self.open_button if archive.may_open else self.reason_edit)
        self._write()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.open_button.setText(_("Open the closed fields"))
        self.ask_button.setText(_("Ask for a look"))
        self.reason_edit.setPlaceholderText(_("Why you need to look"))
        self.reason_edit.setAccessibleName(_("Why you need to look"))
        self._write()

    def _write(self) -> None:
        archive = self._archive
        if archive is None:
            return
        sentences = [_("Family, health and money are kept closed.")]
        if archive.closed:
            text = ngettext("{count} entry is here.", "{count} entries are here.", archive.closed)
            sentences.append(text.format(count=archive.closed))
        if archive.may_open:
            sentences.append(_("Each look is written down with your name."))
        elif archive.consult == "waiting":
            sentences.append(_("Your asking waits for a decision."))
        elif archive.consult == "refused":
            sentences.append(_("Your last asking was turned down."))
        self.words.setText(("" if language().startswith("zh") else " ").join(sentences))

    def open(self) -> None:
        """Write the look down and tell whoever shows the fields."""
        if self._archive is None:
            return
        try:
            look(self.ctx, self._archive.customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.opened.emit()

    def ask(self) -> None:
        """Ask who decides for a look."""
        if self._archive is None:
            return
        try:
            ask_consult(self.ctx, self._archive.customer_id, str(self.reason_edit.value()))
        except ValidationError as error:
            self.said.setText(next(iter(error.fields.values())))
            self.said.setVisible(True)
            self.reason_edit.setFocus()
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.reason_edit.set_value("")
        self.asked.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "said"):
            self.retranslate()
        super().changeEvent(event)
