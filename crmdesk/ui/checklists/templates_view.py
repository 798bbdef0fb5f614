"""The manager's view of the lists: which there are, what they say, in which order, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.checklists import DESKS
from crmdesk.rules.pack_tables import in_language
from crmdesk.services import checklists
from crmdesk.services.checklists import LineForm, Template, TemplateForm
from crmdesk.services.context import Context
from crmdesk.ui import errors
from crmdesk.ui.checklists import words
from crmdesk.ui.widgets import (
    Button,
    Card,
    Choice,
    Column,
    ElideLabel,
    FormGrid,
    Label,
    RecordTable,
    TextEdit,
    Tick,
    row,
)

FLAGS = {
    "second": N_("Two persons sign"), "note": N_("Asks for a note"), "photo": N_("Asks for a photo"),
    "optional": N_("Only if it applies"),
}  # fmt: skip
RECORD_FLAGS = ("second", "note", "photo")  # a desk's own window ticks only


class _List(NamedTuple):
    id: str
    name: str
    origin: str
    tone: str
    template: Template


class _Line(NamedTuple):
    id: int
    number: str
    text: str
    wants: str


class TemplatesView(QWidget):
    """Changes are written with Ctrl+Enter; lists begun already stay as they were begun."""

    closed = Signal()
    saved = Signal()
    said = Signal(str, str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.template: Template | None = None
        self.lines: list[LineForm] = []
        self._dirty = self._loading = False
        self._build_lists()
        self._build_form()
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.lists_card)
        body.addWidget(self.form_card, 1)
        self.retranslate()

    def _build_lists(self) -> None:
        self.lists_card = Card(margins=1, spacing=0)
        self.lists_card.setFixedWidth(280)
        self.back_button = Button("", icon="arrow-left", kind="quiet", size="row")
        self.new_button = Button("", icon="plus", key="Ctrl+N", size="row")
        head = row(self.back_button, None, self.new_button)
        head.setContentsMargins(12, 10, 12, 8)
        self.table = RecordTable((Column("name", N_("List"), stretch=True, bold=True, second="origin", tone="tone"),),
                                 row_height=46)  # fmt: skip
        self.table.set_empty(N_("No list yet."))
        self.lists_card.add(head)
        self.lists_card.body.addWidget(self.table, 1)
        self.table.chosen.connect(self._chosen)
        self.back_button.clicked.connect(self.close_view)
        self.new_button.clicked.connect(self.begin_new)

    def _build_form(self) -> None:
        self.form_card = Card(margins=(20, 12, 20, 14), spacing=10)
        self.heading = ElideLabel("", "card")
        self.note = Label("", "body", "muted", wrap=True)
        self.form = FormGrid(columns=4)
        self.form.add("title", N_("Name of the list"), TextEdit(max_length=80), span=2, required=True)
        self.form.add("desk", N_("Whose"), Choice(list(DESKS.items())), span=2)
        self.form.add("daily", "", Tick(N_("There by itself each working day")), span=2)
        self.form.add("each_station", "", Tick(N_("One for each station")), span=2)
        self.lines_table = RecordTable(
            (
                Column("number", "", 44, sortable=False),
                Column("text", N_("Line"), stretch=True, second="wants", sortable=False),
            ),
            row_height=44,
        )
        self.lines_table.set_empty(N_("Write the first line beside."))
        self.lines_error = Label("", "label", "danger", wrap=True)
        self.line_form = FormGrid(columns=2)
        self.line_form.add("text", N_("What is to be done"), TextEdit(max_length=160), span=2)
        self.line_form.add(
            "clause", N_("Clause"), TextEdit(max_length=20, placeholder=N_("for instance CALL-13")), span=2
        )
        for flag, said in FLAGS.items():
            self.line_form.add(flag, "", Tick(said), span=2)
        self.add_button = Button("", icon="plus", key="Alt+N", size="row")
        self.up_button = Button("", icon="arrow-up", key="Alt+Up", size="row")
        self.down_button = Button("", icon="arrow-down", key="Alt+Down", size="row")
        self.remove_button = Button("", icon="trash-2", key="Alt+Delete", size="row")
        self.save_button = Button("", kind="primary", key="Ctrl+Enter")
        self.retire_button = Button("")
        self.restore_button = Button("", icon="undo-2")
        side = QWidget()
        side.setFixedWidth(280)
        inside = QVBoxLayout(side)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.line_form)
        inside.addSpacing(4)
        inside.addLayout(row(self.up_button, self.down_button, None))
        inside.addLayout(row(self.remove_button, None))
        inside.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.lines_table, 1)
        middle.addWidget(self.lines_error)
        middle.addLayout(row(self.add_button, None))
        both = row(spacing=16)
        both.addLayout(middle, 1)
        both.addWidget(side)
        self.form_card.add(self.heading, self.form, self.note)
        self.form_card.body.addLayout(both, 1)
        self.form_card.add(row(self.save_button, None, self.restore_button, self.retire_button))
        self.lines_error.hide()
        self.form.changed.connect(self._touched)
        self.line_form.changed.connect(self._line_typed)
        self.line_form.finished.connect(self.add_line)
        self.lines_table.chosen.connect(self._line_chosen)
        for button, slot in (
            (self.add_button, self.add_line), (self.up_button, self._up), (self.down_button, self._down),
            (self.remove_button, self.remove_line), (self.save_button, self.save),
            (self.retire_button, self._retire), (self.restore_button, self._restore),
        ):  # fmt: skip
            button.clicked.connect(slot)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.back_button.setText(_("All lists"))
        self.new_button.setText(_("New list"))
        self.add_button.setText(_("Add line"))
        for button, name in (
            (self.up_button, _("Up")),
            (self.down_button, _("Down")),
            (self.remove_button, _("Remove")),
        ):
            button.setText(name)
        self.save_button.setText(_("Save"))
        self.restore_button.setText(_("Back to the regulation's list"))
        self.table.setAccessibleName(_("Checklists"))
        self.lines_table.setAccessibleName(_("Lines of the list"))
        self._show_head()
        if self.table.rows() and not self._dirty:
            self.load(self.template.key if self.template else "")

    # lists --------------------------------------------------------------------------------------------------------

    def load(self, key: str = "") -> None:
        """Read the lists and show one of them."""
        rows = [
            _List(found.key, in_language(found.title),
                  words.joined(words.origin_word(found), "" if found.active else _("retired")),
                  "" if found.active else "faint", found)
            for found in checklists.find_templates(self.ctx, everything=True)
        ]  # fmt: skip
        self._loading = True
        self.table.set_rows(rows)
        if not key or not self.table.select(key):
            self.table.select_first()
        self._loading = False
        current = self.table.current()
        self._show(current.template if current is not None else None)

    def first_focus(self) -> None:
        """Put the focus on the lists."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, line: _List | None) -> None:
        if line is None or self._loading or (self.template is not None and line.id == self.template.key):
            return
        if self._dirty and not self.save():
            self._loading = True
            self.table.select(self.template.key if self.template else "")
            self._loading = False
            return
        self._show(line.template)

    def _show(self, template: Template | None) -> None:
        self.template = template
        self.lines = []
        if template is not None:
            self.lines = [
                LineForm(
                    in_language(line.text), line.key, line.clause, line.second, line.photo, line.note, line.optional
                )
                for line in template.lines
            ]
            self.form.load({
                "title": in_language(template.title), "desk": template.desk, "daily": template.daily,
                "each_station": template.each_station,
            })  # fmt: skip
        else:
            self.form.load({"title": "", "desk": "", "daily": False, "each_station": False})
        self.lines_error.hide()
        self._show_lines(0)
        self._dirty = False
        self._show_head()

    def _show_head(self) -> None:
        template = self.template
        name = in_language(template.title) if template is not None else _("New list")
        self.heading.setText(name if template is None else words.joined(name, words.origin_word(template)))
        record = template is not None and template.of_record
        for field in ("desk", "daily", "each_station"):
            self.form.show_field(field, not record)
        for flag in RECORD_FLAGS:
            self.line_form.show_field(flag, not record)
        self.note.setText(_("Ticked in the window of the desk itself: {desk}. Its lines can be worded anew, moved and "
                            "added to; those a step waits for have to stay.").format(
                                desk=words.desk_word(template.desk)) if record and template else "")  # fmt: skip
        self.note.setVisible(record)
        self.restore_button.setVisible(template is not None and template.changed)
        self.retire_button.setVisible(template is not None and not record)
        self.retire_button.setText(_("Retire") if template is None or template.active else _("Use again"))

    def begin_new(self) -> None:
        """Start an empty list."""
        if self._dirty and not self.save():
            return
        self.table.clearSelection()
        self._show(None)
        self.form.focus_first()

    # lines --------------------------------------------------------------------------------------------------------

    def _place(self) -> int:
        current = self.lines_table.current()
        return current.id if current is not None else -1

    def _show_lines(self, place: int) -> None:
        rows = []
        for number, line in enumerate(self.lines):
            wants = words.joined(line.clause, *(_(said) for flag, said in FLAGS.items() if getattr(line, flag)))
            rows.append(_Line(number, str(number + 1), line.text or _("(empty)"), wants))
        self._loading = True
        self.lines_table.set_rows(rows)
        if self.lines:
            self.lines_table.select(max(0, min(place, len(self.lines) - 1)))
        self._loading = False
        self._load_line()

    def _line_chosen(self, line: _Line | None) -> None:
        if not self._loading:
            self._load_line()

    def _load_line(self) -> None:
        place = self._place()
        line = self.lines[place] if 0 <= place < len(self.lines) else LineForm("")
        values = {"text": line.text, "clause": line.clause, **{flag: getattr(line, flag) for flag in FLAGS}}
        self.line_form.load(values)

    def _line_typed(self, name: str) -> None:
        place = self._place()
        values = self.line_form.values()
        if place < 0:
            self.lines.append(LineForm(""))
            place = len(self.lines) - 1
        self.lines[place] = replace(self.lines[place], **values)
        self._touched(name)
        line = self.lines[place]
        cursor = self.line_form.field(name).cursorPosition() if name in ("text", "clause") else None
        self._show_lines(place)
        if cursor is not None:
            field = self.line_form.field(name)
            field.setText(str(values[name]) if field.text().strip() == str(getattr(line, name)) else field.text())
            field.setCursorPosition(cursor)

    def add_line(self) -> None:
        """Add an empty line under the chosen one."""
        place = self._place()
        if place >= 0 and not self.lines[place].text:
            self.line_form.focus_first("text")
            return
        self.lines.insert(place + 1, LineForm(""))
        self._touched("")
        self._show_lines(place + 1)
        self.line_form.focus_first("text")

    def remove_line(self) -> None:
        """Take the chosen line out."""
        place = self._place()
        if place >= 0:
            del self.lines[place]
            self._touched("")
            self._show_lines(place)

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        place = self._place()
        if place >= 0 and 0 <= place + by < len(self.lines):
            self.lines[place], self.lines[place + by] = self.lines[place + by], self.lines[place]
            self._touched("")
            self._show_lines(place + by)

    def _touched(self, name: str) -> None:
        self._dirty = True

    # writing ------------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something is not written yet."""
        return self._dirty

    def save(self) -> bool:
        """Write the list; False when something in it is refused, which is then said."""
        values = self.form.values()
        lines = tuple(line for line in self.lines if line.text or line.key)
        form = TemplateForm(
            values["title"], lines, values["desk"] or "", bool(values["daily"]), bool(values["each_station"])
        )
        key, version = (self.template.key, self.template.version) if self.template else ("", 0)
        try:
            key = checklists.save_template(self.ctx, form, key, version)
        except ValidationError as error:
            self._say(self.form.set_errors(error.fields))
            return False
        except CrmError as error:
            errors.show_error(self, error)
            return False
        if self.template is not None and self.template.of_record:
            self._after(key, _("Saved. Every PC shows the list like this from now on."))
        else:
            self._after(key, _("Saved. Lists begun already stay as they are."))
        return True

    def _say(self, rest: dict[str, str]) -> None:
        self.lines_error.setText(next(iter(rest.values()), ""))
        self.lines_error.setVisible(bool(rest))
        for name in rest:
            number = name.partition(".")[2]
            if number.isdigit():
                self._show_lines(int(number) - 1)
                self.line_form.focus_first("text")
                return

    def _retire(self) -> None:
        if self.template is not None:
            key, active = self.template.key, not self.template.active
            said = _("The list is in use again.") if active else _("The list is retired.")
            self._do(key, said, lambda: checklists.retire_template(self.ctx, key, self._version(), active=active))

    def _restore(self) -> None:
        if self.template is not None:
            key = self.template.key
            self._do(key, _("The regulation's list is back."),
                     lambda: checklists.restore_template(self.ctx, key, self._version()))  # fmt: skip

    def _version(self) -> int:
        return self.template.version if self.template is not None else 0

    def _do(self, key: str, said: str, work: Callable[[], object]) -> None:
        try:
            work()
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._after(key, said)

    def _after(self, key: str, said: str) -> None:
        self._dirty = False
        self.load(key)
        self.saved.emit()
        self.said.emit(said, "ok")

    def close_view(self) -> None:
        """Go back to the lists; what was typed is written first."""
        if not self._dirty or self.save():
            self.closed.emit()
