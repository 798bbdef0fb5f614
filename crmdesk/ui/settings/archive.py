"""Archive fields: which the card asks for, in which order, own ones, and which are kept closed (CRM-20)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, NeedsConfirmation, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.archive import KINDS, SECTIONS, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services import archive_settings
from crmdesk.services.archive_fields import find_fields
from crmdesk.services.archive_settings import FieldForm
from crmdesk.ui import dialogs, tasks
from crmdesk.ui.settings.section import Section
from crmdesk.ui.widgets import (
    Button,
    Choice,
    Column,
    FormGrid,
    Label,
    NoteEdit,
    RecordTable,
    Scroll,
    TextEdit,
    Tick,
    row,
)

COLUMNS = (
    Column("title", N_("Field"), 150, stretch=True, bold=True, tone="tone"),
    Column("section", N_("Section"), 142, tone="tone"),
    Column("kind", N_("Kind"), 96, tone="tone"),
    Column("state", N_("Shown"), 110, kind="pill", tone="state_tone"),
)
FORM_WIDTH = 316


class _Line(NamedTuple):
    id: int
    title: str
    section: str
    kind: str
    state: str
    tone: str
    state_tone: str
    field: ArchiveField


class ArchiveSection(Section):
    """The fields in a list, the chosen one beside it; only the manager changes them."""

    name = N_("Archive fields")
    sentence = N_("What the card of a customer asks for. What you take away keeps its entries.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._key = ""
        self._new = False
        self._sentence = ""
        self.table = RecordTable(COLUMNS, row_height=34)
        self.form = FormGrid(columns=1)
        self.form.add("title", N_("Title"), TextEdit(max_length=60))
        self.form.add("section", N_("Section"), Choice(list(SECTIONS.items())))
        self.form.add("kind", N_("Kind"), Choice(list(KINDS.items())))
        self.form.add("choices", N_("Choices"), NoteEdit(lines=4), hint=N_("one a line"))
        self.form.add("protected", "", Tick(N_("Kept closed: opened only by those who may")))
        self.heading = Label("", "card")
        self.new_button = Button("", icon="plus", key="Ctrl+N", size="row")
        self.up_button = Button("", icon="arrow-up", key="Alt+Up", kind="plain", size="row")
        self.down_button = Button("", icon="arrow-down", key="Alt+Down", kind="plain", size="row")
        self.hide_button = Button("", icon="eye-off", kind="plain", size="row")
        self.remove_button = Button("", icon="trash-2", kind="plain", size="row")
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.reason = Label("", "label", "muted", wrap=True)
        self._place()
        self.table.chosen.connect(self._chosen)
        self.new_button.clicked.connect(self.begin_new)
        self.up_button.clicked.connect(self.move_up)
        self.down_button.clicked.connect(self.move_down)
        self.hide_button.clicked.connect(self.hide_or_show)
        self.remove_button.clicked.connect(self.remove)
        self.save_button.clicked.connect(self.save)
        self.form.finished.connect(self.save)
        self.form.changed.connect(self._field_changed)
        self.retranslate()

    def _place(self) -> None:
        host = QWidget()
        side = QVBoxLayout(host)
        side.setContentsMargins(0, 0, 8, 0)
        side.addWidget(self.heading)
        side.addWidget(self.form)
        side.addLayout(row(self.save_button, None))
        side.addLayout(row(self.hide_button, self.remove_button, None))
        side.addWidget(self.reason)
        side.addStretch(1)
        scroll = Scroll(host, least=160)
        scroll.setFixedWidth(FORM_WIDTH)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addLayout(row(self.new_button, self.up_button, self.down_button, None))
        line = row(spacing=20)
        line.addLayout(left, 1)
        line.addWidget(scroll)
        self.body.addLayout(line, 1)

    # showing ----------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        return self.form.dirty

    def load(self) -> None:
        self._show(self._key)

    def _show(self, key: str) -> None:
        lines = [self._line(place, field) for place, field in enumerate(find_fields(self.ctx, hidden=True), 1)]
        self.table.set_rows(lines)
        wanted = next((line for line in lines if line.field.key == key), None)
        if wanted is None or not self.table.select(wanted.id):
            self.table.select_first()
        self._chosen(self.table.current())

    def _line(self, place: int, field: ArchiveField) -> _Line:
        if field.source:
            state, tone = _("on the card"), "neutral"
        elif field.hidden:
            state, tone = _("taken away"), "neutral"
        elif field.protected:
            state, tone = _("kept closed"), "warning"
        else:
            state, tone = _("shown"), "ok"
        title = f"{field.name} *" if field.own else field.name
        words = "muted" if field.hidden else "text"
        return _Line(place, title, _(SECTIONS[field.section]), _(KINDS[field.kind]), state, words, tone, field)

    @property
    def field(self) -> ArchiveField | None:
        """The chosen field, None while a new one is typed."""
        line = self.table.current()
        return None if self._new or line is None else line.field

    def _chosen(self, line: Any) -> None:
        if line is None:
            return
        field: ArchiveField = line.field
        self._new, self._key = False, field.key
        self.form.load({
            "title": field.name, "section": field.section, "kind": field.kind, "protected": field.protected,
            "choices": "\n".join(field.choice_words(key) for key, _t in field.choices) if field.own else "",
        })  # fmt: skip
        self._mirror()

    def _mirror(self) -> None:
        """Show what may be done with the chosen field."""
        field, may = self.field, self.ctx.may(Right.POLICY)
        own = field is None or field.own
        of_card = field is not None and bool(field.source)
        self.form.set_read_only(not may or of_card)
        self.form.field("kind").setEnabled(may and own)
        self.form.show_field("choices", own and self.form.field("kind").value() == "choice")
        for button in (self.new_button, self.up_button, self.down_button):
            button.set_ready(may)
        self.save_button.set_ready(may and not of_card)
        self.hide_button.setVisible(field is not None and may and not of_card)
        self.hide_button.setText(_("Show again") if field is not None and field.hidden else _("Don't show"))
        self.remove_button.setVisible(field is not None and field.own and not field.hidden and may)
        self.heading.setText(_("A field of your own") if field is None else field.name)
        reason = _("This field stands on the card itself.") if of_card else ""
        self.reason.setText(reason if may else _("The manager can change these."))

    def _field_changed(self, name: str) -> None:
        if name == "kind":
            self._mirror()

    # doing ------------------------------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """Start an own field in the section of the chosen one."""
        if not self.new_button.ready:
            return
        field = self.field
        self._new = True
        self.form.load({
            "title": "", "section": field.section if field else "basic", "kind": "text", "choices": "",
            "protected": False,
        })  # fmt: skip
        self._mirror()
        self.form.focus_first()

    def save(self) -> None:
        if not self.save_button.ready or not self.form.check():
            return
        values = self.form.values()
        form = FieldForm(
            str(values["title"]), str(values["section"]), str(values["kind"]),
            tuple(str(values["choices"]).splitlines()), bool(values["protected"]),
        )  # fmt: skip
        service = archive_settings.add_field if self._new else partial(archive_settings.change_field, key=self._key)
        self._run(partial(service, self.ctx, form=form), _("Saved."))

    def _run(self, work: Callable[[], str | None], sentence: str) -> None:
        """Do it off the window's thread: how full every card is has to be reckoned anew."""
        self._sentence = sentence
        tasks.run(self, partial(_without_progress, work), self._finished, self._refused, cancellable=False)

    def _finished(self, key: str | None) -> None:
        self._key = key or self._key
        self._done(self._sentence)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, ValidationError):
            self.form.set_errors(error.fields)
        elif isinstance(error, NeedsConfirmation):
            if dialogs.ask(self, error.message, yes=_("Remove"), no=_("Keep")):
                self._remove({error.key})
        else:
            self.failed.emit(error)

    def _done(self, sentence: str) -> None:
        self.form.set_dirty(False)
        self._new = False
        self._show(self._key)
        self.saved.emit()
        self.said.emit(sentence, "ok")

    def move_up(self) -> None:
        """Move the chosen field up in its section (Alt+Up)."""
        self._move(-1)

    def move_down(self) -> None:
        """Move the chosen field down in its section (Alt+Down)."""
        self._move(1)

    def _move(self, by: int) -> None:
        field = self.field
        if field is None or not self.up_button.ready:
            return
        try:
            archive_settings.move_field(self.ctx, field.key, by)
        except CrmError as error:
            self.failed.emit(error)
            return
        self._show(field.key)
        self.saved.emit()

    def hide_or_show(self) -> None:
        """Take the chosen field away, or show it again; its entries stay."""
        field = self.field
        if field is None:
            return
        sentence = _("Shown again, with its entries.") if field.hidden else _("Taken away. Its entries stay.")
        self._run(partial(archive_settings.show_field, self.ctx, field.key, field.hidden), sentence)

    def remove(self) -> None:
        """Remove the chosen own field, after a question when it is in use."""
        if self.field is not None:
            self._remove(set())

    def _remove(self, confirmed: set[str]) -> None:
        work = partial(archive_settings.remove_field, self.ctx, self._key, confirmed=confirmed)
        self._run(work, _("Removed."))

    def first_focus(self) -> None:
        self.table.setFocus()

    def retranslate(self) -> None:
        super().retranslate()
        self.table.setAccessibleName(_("Archive fields"))
        self.new_button.setText(_("New field"))
        self.up_button.setText(_("Up"))
        self.down_button.setText(_("Down"))
        self.remove_button.setText(_("Remove"))
        self.save_button.setText(_("Save"))
        if self.table.rows():
            self._show(self._key)
        else:
            self._mirror()


def _without_progress(work: Callable[[], str | None], progress: tasks.Progress) -> str | None:
    return work()
