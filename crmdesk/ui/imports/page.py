"""The import window: choose a file, say which column is which, look at the rows, try, import."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services.imports import (
    ENCODINGS,
    MATCHES,
    DataTable,
    ImportField,
    ImportResult,
    fields_for,
    fields_of,
    guess_mapping,
    import_customers,
    import_items,
    preview,
    read_table,
)
from crmdesk.ui import dialogs, errors, tasks, theme
from crmdesk.ui.imports.differences import DifferencesTable
from crmdesk.ui.imports.preview import PreviewTable
from crmdesk.ui.imports.report import ResultWell
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import Button, Card, Choice, ElideLabel, Label, Scroll, Segments, row

PREVIEW_ROWS = 200
LABEL_WIDTH = 140


class ImportPage(Page):
    """One page for customers and items."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.path = ""
        self.table: DataTable | None = None
        self.result: ImportResult | None = None
        self.task: tasks.Task | None = None
        self._choices: dict[str, Choice] = {}
        self.fields: tuple[ImportField, ...] = ()
        self.what_choice = Segments([("customers", N_("Customers")), ("items", N_("Catalogue"))], value="customers")
        self.file_button = Button("", icon="folder-open", key="Ctrl+O", kind="primary")
        self.file_label = ElideLabel("", "strong")
        self.encoding_choice = Choice([(None, N_("Encoding: automatic")), *ENCODINGS.items()])
        self.encoding_choice.setFixedWidth(228)
        top = Card(margins=(16, 12, 16, 12))
        line = row(self.what_choice, self.file_button, spacing=12)
        line.addWidget(self.file_label, 1)
        line.addWidget(self.encoding_choice)
        top.add(line)
        self.body.addWidget(top)
        self.mapping_card = Card(spacing=8)
        self.mapping_holder = QWidget()
        self.mapping_grid = QGridLayout(self.mapping_holder)
        self.mapping_grid.setContentsMargins(0, 0, 8, 0)
        self.mapping_grid.setVerticalSpacing(6)
        self.mapping_grid.setColumnStretch(1, 1)
        self.mapping_card.body.addWidget(Scroll(self.mapping_holder), 1)
        self.mapping_card.setFixedWidth(328)
        self.match_label = Label("", "body", "muted")
        self.match_choice = Choice(list(MATCHES.items()))
        self.match_choice.set_value("auto")
        self.match_label.setBuddy(self.match_choice)
        self.mapping_card.add(self.match_label, self.match_choice)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._build_preview(), 1)
        right.addWidget(self._build_foot())
        middle = row(spacing=12)
        middle.addWidget(self.mapping_card)
        middle.addLayout(right, 1)
        self.body.addLayout(middle, 1)
        self.match_choice.value_changed.connect(self._mapping_changed)
        self.what_choice.value_changed.connect(self._what_changed)
        self.encoding_choice.value_changed.connect(self._read)
        self.file_button.clicked.connect(self.choose_file)
        self._build_mapping()
        self.retranslate()

    def _build_preview(self) -> Card:
        self.preview_card = Card(margins=1, spacing=0)
        self.view = PreviewTable()
        self.model = self.view.rows_model
        self.preview_title = Label("", "label_strong", "muted")
        line = row(self.preview_title)
        line.setContentsMargins(16, 10, 16, 6)
        self.preview_card.body.addLayout(line)
        self.preview_card.body.addWidget(self.view, 1)
        self.changes_view = DifferencesTable()
        self.changes_view.hide()
        self.preview_card.body.addWidget(self.changes_view, 1)
        return self.preview_card

    def _build_foot(self) -> Card:
        foot = Card(margins=(16, 12, 16, 12), spacing=8)
        self.report = ResultWell()
        self.existing_choice = Segments(
            [("refuse", N_("Refuse known ones")), ("update", N_("Update known ones"))], value="refuse"
        )
        self.update_hint = ElideLabel("", "label", "muted")
        self.try_button = Button("", icon="flask-conical", key="F6")
        self.import_button = Button("", icon="download", key="Ctrl+Enter", kind="primary")
        self.existing_choice.value_changed.connect(self._mapping_changed)  # it decides what is an error
        self.try_button.clicked.connect(self.try_out)
        self.import_button.clicked.connect(self.run_import)
        steps = row(self.existing_choice, None, self.try_button, self.import_button, spacing=8)
        foot.add(self.report, self.update_hint, steps)
        return foot

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force; the choices made stay."""
        self.what_choice.setAccessibleName(_("What to import"))
        self.file_button.setText(_("Choose a file"))
        self.encoding_choice.setAccessibleName(_("Encoding"))
        self.existing_choice.setAccessibleName(_("Known codes"))
        self.update_hint.setText(
            _("An empty cell changes nothing. A cell that says {word} empties the field.").format(word=_("(empty)"))
        )
        self.match_label.setText(_("Known customers are found"))
        self.match_choice.setAccessibleName(_("Known customers are found"))
        self.mapping_card.set_title(_("Which column is which"))
        self.try_button.setText(_("Check only"))
        self.import_button.setText(_("Import"))
        self._label_mapping()
        self._show_file()
        self._show_preview()
        self._show_result()

    def title(self) -> str:
        """Return the title for the top line."""
        return _("Import")

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        return [("Ctrl+O", ""), ("F6", ""), ("Ctrl+Enter", "")]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["CRM-11"]

    def load(self, **arguments: Any) -> None:
        """Begin an import of ``what`` (customers, items), with a file when ``path`` is given."""
        what = arguments.get("what")
        if what in ("customers", "items") and what != self.what_choice.value():
            self.what_choice.set_value(what)
            self._what_changed()
        if path := arguments.get("path"):
            self.open_path(str(path))

    def first_focus(self) -> None:
        """Put the focus where the work starts."""
        self.file_button.setFocus()

    def leave(self) -> bool:
        """Stay while an import is being written."""
        if self.task is not None:
            self.say(_("The import is still running. Cancel it first."), "warning")
            return False
        return True

    @property
    def what(self) -> str:
        """Return what is imported: customers or items."""
        return str(self.what_choice.value())

    # file and columns -------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for a file."""
        filters = _("Tables (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods);;All files (*)")
        path = dialogs.open_file(self, _("Choose a file"), filters)
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Read a file and show its first rows."""
        self.path = path
        self.encoding_choice.set_value(None)
        self._read()

    def _read(self) -> None:
        if not self.path or self.task is not None:
            return
        encoding = self.encoding_choice.value()
        work = partial(_read_file, self.path, str(encoding) if encoding else None)
        self.task = tasks.run(self, work, self._was_read, self._failed, title=_("Reading the file"))
        self._show_buttons()

    def _was_read(self, table: DataTable) -> None:
        self.task = None
        self.table = table
        if table.encoding:
            self.encoding_choice.set_value(table.encoding)
        self._fill_mapping()
        self._show_file()
        self._mapping_changed()

    def _failed(self, error: Exception) -> None:
        self.task = None
        self._show_buttons()
        if isinstance(error, CrmError):
            self.table = None if self.result is None and not self._rows_shown() else self.table
            self.report.show_fault(error.message)
        else:
            errors.show_error(self, error)

    def _rows_shown(self) -> bool:
        return self.model.rowCount() > 0

    def _what_changed(self) -> None:
        self.result = None
        for part in (self.match_label, self.match_choice):
            part.setVisible(self.what == "customers")
        self._build_mapping()
        self._label_mapping()
        if self.table is not None:
            self._fill_mapping()
            self._mapping_changed()
        else:
            self._show_preview()
            self._show_result()

    def _build_mapping(self) -> None:
        while (item := self.mapping_grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._choices = {}
        try:
            self.fields = fields_for(self.ctx, self.what)
        except CrmError:  # the page says so itself when a file is read
            self.fields = fields_of(self.what)
        for place, field in enumerate(self.fields):
            label = Label("", "body", "text" if field.required else "muted", wrap=True)
            choice = Choice([(None, "—")], translate=False)
            choice.value_changed.connect(self._mapping_changed)
            label.setBuddy(choice)
            self.mapping_grid.addWidget(label, place, 0)
            self.mapping_grid.addWidget(choice, place, 1)
            self._choices[field.name] = choice
        self.mapping_grid.setRowStretch(len(self._choices), 1)

    def _label_mapping(self) -> None:
        titles = [_(field.title) + (" *" if field.required else "") for field in self.fields]
        width = min(LABEL_WIDTH, max((ceil(theme.text_width(title)) + 4 for title in titles), default=0))
        for place, (field, title) in enumerate(zip(self.fields, titles, strict=True)):
            item = self.mapping_grid.itemAtPosition(place, 0)
            label = item.widget() if item is not None else None
            if isinstance(label, Label):
                label.setText(title)
                label.setFixedWidth(width)  # a long title of the office's own takes two lines, not the field's room
            self._choices[field.name].setAccessibleName(_(field.title))

    def _fill_mapping(self) -> None:
        assert self.table is not None
        heads = [(i, head or _("Column {number}").format(number=i + 1)) for i, head in enumerate(self.table.header)]
        guessed = guess_mapping(self.table.header, self.fields)
        for name, choice in self._choices.items():
            choice.set_choices([(None, "—"), *heads])
            choice.set_value(guessed.get(name))

    def mapping(self) -> dict[str, int]:
        """Return the column chosen for each field."""
        return {name: int(str(c.value())) for name, c in self._choices.items() if c.value() is not None}

    def set_column(self, name: str, column: int | None) -> None:
        """Choose the column of a field (tests, the tour)."""
        self._choices[name].set_value(column)
        self._mapping_changed()

    def _mapping_changed(self) -> None:
        self.result = None
        self._show_preview()
        self._show_result()

    def _show_file(self) -> None:
        if self.table is None:
            self.file_label.setText(_("CSV in any encoding, or a workbook (XLSX)."))
        else:
            count = len(self.table.rows)
            text = ngettext("{name}: {count} row", "{name}: {count} rows", count)
            self.file_label.setText(text.format(name=self.table.name, count=format_number(count)))

    def _show_preview(self) -> None:
        self._show_buttons()
        self.update_hint.setVisible(self.existing_choice.value() == "update")
        mapping = self.mapping()
        if self.table is None:
            self.preview_title.setText(_("Here you see the rows before anything is written."))
            self.model.show(self.fields, [], [])
            return
        rows = preview(self.ctx, self.what, self.table, mapping, limit=PREVIEW_ROWS)
        wrong = sum(bool(line.errors) for line in rows)
        text = ngettext("First {count} row", "First {count} rows", len(rows)).format(count=len(rows))
        if wrong:
            bad = ngettext("{count} can't be imported", "{count} can't be imported", wrong).format(count=wrong)
            text = dotted(text, bad)
        self.preview_title.setText(text)
        self.model.show(self.fields, list(mapping), rows)
        self.view.fit_columns(with_faults=bool(wrong))

    # trying and writing -----------------------------------------------------------------------------------------

    def _show_buttons(self) -> None:
        ready = self.table is not None and self.task is None
        reason = _("Choose a file first.") if self.table is None else _("Please wait until it is read.")
        self.try_button.set_ready(ready, "" if ready else reason)
        wrong = self.result is not None and self.result.error_count > 0
        if ready and wrong:
            reason = _("The file has errors. Put them right and choose it again.")
        self.import_button.set_ready(ready and not wrong, reason)

    def try_out(self) -> None:
        """Check the whole file without writing anything (F6)."""
        self._start(dry_run=True)

    def run_import(self) -> None:
        """Import the whole file, all or nothing (Ctrl+Enter)."""
        self._start(dry_run=False)

    def _start(self, *, dry_run: bool) -> None:
        if self.table is None:
            self.choose_file()
            return
        if self.task is not None:
            return
        work = partial(
            _import_file, self.ctx, self.what, self.table, dry_run, self.mapping(), str(self.existing_choice.value()),
            str(self.match_choice.value()),
        )  # fmt: skip
        title = _("Checking the rows") if dry_run else _("Importing")
        self.task = tasks.run(self, work, self._was_done, self._failed, title=title)
        self.task.finished.connect(self._ended)
        self._show_buttons()

    def _ended(self) -> None:
        self.task = None
        self._show_buttons()

    def _was_done(self, result: ImportResult) -> None:
        self.task = None
        self.result = result
        self._show_buttons()
        self._show_result()
        if result.written:
            self.saved.emit()
            self.say(_("Imported."))

    def _show_result(self) -> None:
        self.report.show_result(self.result)
        changes = self.result.differences if self.result is not None and not self.result.error_count else ()
        self.changes_view.show_changes(changes)
        self.changes_view.setVisible(bool(changes))
        self.view.setVisible(not changes)
        if changes and self.result is not None:
            count = self.result.difference_count
            text = ngettext("{count} field would change", "{count} fields would change", count)
            self.preview_title.setText(text.format(count=format_number(count)))


def _read_file(path: str, encoding: str | None, progress: tasks.Progress) -> DataTable:
    return read_table(path, encoding=encoding)


def _import_file(
    ctx: Any,
    what: str,
    table: DataTable,
    dry_run: bool,
    mapping: dict[str, int],
    existing: str,
    match: str,
    progress: tasks.Progress,
) -> ImportResult:
    if what == "items":
        return import_items(ctx, table, dry_run, mapping=mapping, progress=progress.report, existing=existing)
    return import_customers(
        ctx, table, dry_run, mapping=mapping, progress=progress.report, existing=existing, match=match
    )


PAGE = PageSpec(
    "imports", N_("Import"), "upload", Right.CUSTOMER_IMPORT.value, ImportPage, rail=False, parent="customers"
)
