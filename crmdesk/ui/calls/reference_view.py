"""At hand while talking: the terms of wholesale and franchise, what one says, and what nobody says (CALL-09, PHR)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, language
from crmdesk.rules.phrases import FORBIDDEN, POLITE, SCRIPTS
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.knowledge import Terms, get_terms, save_terms
from crmdesk.ui import errors
from crmdesk.ui.widgets import Button, Card, FormGrid, Label, NoteEdit, Scroll, row


class ReferenceView(QWidget):
    """Left the terms, which the manager may change; right the phrases, in the characters of the screen."""

    saved = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.terms = Card(spacing=10)
        self.grid = FormGrid(columns=1)
        self.grid.add("wholesale", N_("Wholesale terms"), NoteEdit(lines=4), clause="CALL-09", grow=True)
        self.grid.add("franchise", N_("Franchise terms"), NoteEdit(lines=4), clause="CALL-09", grow=True)
        self.save_button = Button("", key="Ctrl+S", icon="save", kind="primary")
        self.save_button.clicked.connect(self._save)
        self.terms.body.addWidget(self.grid, 1)
        self.terms.body.addLayout(row(None, self.save_button))
        self.phrases = Card(spacing=6)
        self.phrase_label = Label("", wrap=True)
        self.phrases.body.addWidget(Scroll(self.phrase_label), 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.terms, 1)
        line.addWidget(self.phrases, 1)
        self.retranslate()

    def refresh(self) -> None:
        """Read the terms again, unless somebody is writing them."""
        if self.grid.dirty:
            return
        try:
            terms = get_terms(self.ctx)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.grid.load({"wholesale": terms.wholesale, "franchise": terms.franchise})
        may = self.ctx.may(Right.POLICY)
        self.grid.set_read_only(not may)
        self.save_button.setVisible(may)

    def first_focus(self) -> None:
        """Put the focus where reading starts."""
        self.grid.focus_first("wholesale")

    def _save(self) -> None:
        values = self.grid.values()
        try:
            save_terms(self.ctx, Terms(values["wholesale"], values["franchise"]))
        except CrmError as error:
            errors.show_error(self, error, self.grid)
            return
        self.grid.set_dirty(False)
        self.saved.emit()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.terms.set_title(_("Terms for enquirers"))
        self.save_button.setText(_("Save"))
        self.phrases.set_title(_("What one says, and what nobody says"))
        self.phrase_label.setText(self._phrases())

    def _phrases(self) -> str:
        code = language()
        scripts = [phrase.in_language(code).format(company=self.ctx.office.company) for phrase in SCRIPTS]
        civil = [f"{number}. {phrase.in_language(code)}" for number, phrase in enumerate(POLITE, 1)]
        never = [
            f"✗ {phrase.zh_CN if code == 'zh_CN' else phrase.zh_TW} → {phrase.polite.in_language(code)}"
            for phrase in FORBIDDEN
        ]
        parts = (
            (_("Fixed sentences"), scripts), (_("Forbidden phrases, and what one says instead"), never),
            (_("Civil phrases"), civil),
        )  # fmt: skip
        return "\n\n".join("\n".join([title, *lines]) for title, lines in parts)
