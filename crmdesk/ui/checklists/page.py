"""The checklist page: today's lists, one of them large, and the manager's templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.pack_tables import in_language
from crmdesk.rules.rights import Right
from crmdesk.services import checklists
from crmdesk.services.checklists import ListRow, Sheet
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs, errors
from crmdesk.ui.checklists.line_panel import read_photo
from crmdesk.ui.checklists.list_view import LIST as LISTS
from crmdesk.ui.checklists.sheet_view import SheetView
from crmdesk.ui.checklists.templates_view import TemplatesView
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import Button, ListView

LIST, SHEET, TEMPLATES = range(3)


class ChecklistsPage(Page):
    """Everything about checklists."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._working = False
        self._shown: tuple[int | None, str, int] = (None, "", 1)  # id, else key and turn of a list nobody has begun
        self.edit_button = Button("", icon="pencil")
        self.edit_button.setVisible(ctx.may(Right.POLICY))
        self.list_view = ListView(ctx, LISTS, self.edit_button)
        self.sheet_view = SheetView(ctx)
        self.templates_view = TemplatesView(ctx)
        self.stack = QStackedWidget()
        for view in (self.list_view, self.sheet_view, self.templates_view):
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)
        self.list_view.opened.connect(self._opened)
        self.list_view.new_asked.connect(self.begin_another)
        self.edit_button.clicked.connect(self.show_templates)
        view, panel = self.sheet_view, self.sheet_view.panel
        view.pressed.connect(self._pressed)
        view.chosen.connect(self._line_chosen)
        view.done_asked.connect(self.finish)
        view.closed.connect(self.show_list)
        panel.tick_asked.connect(self.tick)
        panel.sign_asked.connect(self.sign)
        panel.fault_asked.connect(self.report)
        panel.back_asked.connect(self.take_back)
        panel.failed.connect(self._failed)
        self.templates_view.closed.connect(self.show_list)
        self.templates_view.said.connect(self.said)
        self.retranslate()

    # what the frame asks ------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.edit_button.setText(_("Change the lists"))
        self.templates_view.retranslate()
        self.sheet_view.retranslate()
        if self.stack.currentIndex() == LIST:
            self.list_view.refresh()
        elif self.stack.currentIndex() == SHEET:
            self._read()
        self._show_subtitle()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentIndex() == SHEET:
            return [("Space", _("Tick")), ("F4", _("Note")), ("F6", ""), ("F9", ""), ("Esc", _("All lists"))]
        if self.stack.currentIndex() == TEMPLATES:
            return [("Ctrl+Enter", ""), ("Alt+N", ""), ("Esc", _("All lists"))]
        return [("Enter", _("Open")), ("Ctrl+N", "")]

    def clauses(self) -> list[str]:
        """Return the clauses of the list that is open, else those the page keeps."""
        sheet = self.sheet_view.sheet
        if self.stack.currentIndex() == SHEET and sheet is not None:
            return list(dict.fromkeys(filter(None, (sheet.row.clause, *(line.line.clause for line in sheet.lines)))))
        return [clause for clause in ("CALL-13", "DUTY-10", "DUTY-11") if clause in self.ctx.policy]

    def load(self, **arguments: Any) -> None:
        """Show a list (``id``, or ``key`` of one of today), those of a filter (``show``), or today's."""
        if record := arguments.get("id"):
            self.open_list(int(record))
        elif key := arguments.get("key"):
            self.open_today(str(key))
        else:
            self.list_view.show_filter(str(arguments.get("show") or "today"))
            self.show_list()

    def first_focus(self) -> None:
        """Put the focus where the hand is wanted."""
        if self.stack.currentIndex() == LIST:
            self.list_view.first_focus()
        elif self.stack.currentIndex() == SHEET:
            self.sheet_view.focus_line()
        else:
            self.templates_view.first_focus()

    def leave(self) -> bool:
        """Write what was changed in a template; notes being typed stay in the page."""
        view = self.templates_view
        return self.stack.currentIndex() != TEMPLATES or not view.dirty or view.save()

    def refresh(self, notice: Any = None) -> None:
        """Follow what others ticked; what is typed stays."""
        if self._working:
            return
        everything = notice is None or notice.everything
        if everything or notice.touches("checklist", "checklist_template", "visit", "policy", "office"):
            if self.stack.currentIndex() == LIST:
                self.list_view.refresh()
            elif self.stack.currentIndex() == SHEET:
                self._read()
            self._show_subtitle()

    # lists --------------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the lists."""
        self.list_view.ctx = self.ctx
        self._show(LIST)
        self.list_view.refresh()
        self.list_view.first_focus()

    def _opened(self, number: int) -> None:
        line = self.list_view.table.current()
        if line is not None:
            self._open_row(line.row)

    def _open_row(self, row: ListRow) -> None:
        self._shown = (row.id, row.key, row.turn)
        self._open()

    def open_list(self, record: int) -> None:
        """Show a list that was begun."""
        self._shown = (record, "", 1)
        self._open()

    def open_today(self, key: str) -> None:
        """Show today's list of this name, begun or not."""
        rows = [row for row in checklists.find_checklists(self.ctx) if row.key == key]
        rows.sort(key=_is_done)
        if rows:
            self._open_row(rows[0])
        else:
            self._shown = (None, key, 1)
            self._open()

    def begin_another(self) -> None:
        """Ask which list and begin it."""
        templates = checklists.find_templates(self.ctx)
        choices = [(found.key, in_language(found.title)) for found in templates if self._may(found.desk)]
        if not choices:
            self.say(_("Your desk has no lists to begin."), "info")
            return
        key = dialogs.choose(self, _("Which list do you begin?"), choices)
        if key is None:
            return
        try:
            record = checklists.begin(self.ctx, key)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.open_list(record)
        self.saved.emit()

    def _may(self, desk: str) -> bool:
        from crmdesk.rules.checklists import right_of

        return bool(self.ctx.may(right_of(desk)))

    def show_templates(self) -> None:
        """Show the manager's view of the lists."""
        self.templates_view.ctx = self.ctx
        self._show(TEMPLATES)
        self.templates_view.load()
        self.templates_view.first_focus()

    def _show(self, view: int) -> None:
        self.stack.setCurrentIndex(view)
        self.hints_changed.emit()
        self._show_subtitle()

    def _show_subtitle(self) -> None:
        sheet = self.sheet_view.sheet
        if self.stack.currentIndex() == SHEET and sheet is not None:
            self.set_subtitle(sheet.row.name)
            return
        try:
            left = sum(row.state == "open" for row in checklists.find_checklists(self.ctx))
        except CrmError:
            return  # the banner speaks of the cable already
        self.counted = left
        self.set_subtitle(ngettext("{count} list to do today", "{count} lists to do today", left).format(count=left)
                          if left else _("Nothing left to do today"))  # fmt: skip

    # one list -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.sheet_view.ctx = self.sheet_view.panel.ctx = self.ctx
        self.sheet_view.panel.forget_all()
        self.sheet_view.current = ""
        if self._read():
            self._show(SHEET)
            self.sheet_view.focus_line()

    def _read(self) -> bool:
        record, key, turn = self._shown
        view = self.sheet_view
        try:
            if record is not None:
                sheet = checklists.get_checklist(self.ctx, record)
            else:
                sheet = checklists.get_template(self.ctx, key, turn)
            people = [(m.login, m.name) for m in find_staff(self.ctx) if m.id != self.ctx.user.id]
            photo = read_photo(self.ctx, record, sheet.line(view.current))
        except CrmError as error:
            errors.show_error(self, error)
            return False
        view.show_sheet(sheet, people, photo)
        return True

    @property
    def sheet(self) -> Sheet | None:
        """The list that is open."""
        return self.sheet_view.sheet

    def _line_chosen(self, key: str) -> None:
        self._read()

    def _pressed(self, key: str) -> None:
        line = self.sheet.line(key) if self.sheet is not None else None
        if line is None or self.sheet is None or not self.sheet.may:
            return
        if line.state == "ticked":
            self.take_back()
        elif line.state == "half":
            self.sheet_view.panel.focus_second()
        else:
            self.tick()

    def _do(self, work: Callable[[int, str], Any], *, signing: bool = False) -> bool:
        """Begin the list if nobody has, take a step on the line in hand, and show what became of it."""
        view = self.sheet_view
        key, done = view.current, False
        self._working = True
        try:
            record, name, turn = self._shown
            if record is None:
                record = checklists.begin(self.ctx, name, turn=turn)
                self._shown = (record, name, turn)
            work(record, key)
            done = True
        except ValidationError as error:
            if view.panel.say(error.fields):
                return False
            errors.show_error(self, error)
        except CrmError as error:
            if not (signing and view.panel.say({"password": error.message})):
                errors.show_error(self, error)
        finally:
            self._working = False
        if done:
            view.panel.forget(key)
        self._read()
        if done:
            self.saved.emit()
        return done

    def tick(self) -> None:
        """Tick the line in hand, with its note and photo, and go on to the next."""
        panel = self.sheet_view.panel
        note, photo = panel.note(), panel.photo
        if self._do(lambda record, key: checklists.tick(self.ctx, record, key, note=note, photo=photo)):
            self._go_on()

    def sign(self) -> None:
        """Let the second person sign the line in hand."""
        login, password = self.sheet_view.panel.signature()
        if not login or not password:
            self.sheet_view.panel.say({"password": _("Please choose who signs, and type the password.")})
            return
        names: list[str] = []

        def work(record: int, key: str) -> None:
            names.append(checklists.sign_second(self.ctx, record, key, login=login, password=password))

        if self._do(work, signing=True):
            self.say(_("Signed by {name}.").format(name=names[0]))
            self._go_on()

    def _go_on(self) -> None:
        view = self.sheet_view
        line = self.sheet.line(view.current) if self.sheet is not None else None
        if line is not None and line.state == "half":
            view.panel.focus_second()
        else:
            view.focus_line()

    def report(self) -> None:
        """Write down that the line in hand is not in order."""
        note, photo = self.sheet_view.panel.note(), self.sheet_view.panel.photo
        if self._do(lambda record, key: checklists.report_fault(self.ctx, record, key, note, photo)):
            self.say(_("Noted: not in order. The list stays open until it is."), "warning")
            self.sheet_view.focus_line()

    def take_back(self) -> None:
        """Take back what was said about the line in hand."""
        if self._do(lambda record, key: checklists.untick(self.ctx, record, key)):
            self.sheet_view.focus_line(self.sheet_view.current)

    def finish(self) -> None:
        """Close the list, or go to the first line that is missing."""
        if not self.sheet_view.done_button.ready:
            self.sheet_view.focus_line()
            return
        if self._do(lambda record, key: checklists.finish(self.ctx, record)):
            self.say(_("Done. Thank you."))
            self.show_list()

    def _failed(self, error: Any) -> None:
        errors.show_error(self, error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.stack.currentIndex() == TEMPLATES:
            self.templates_view.close_view()
        elif event.key() == Qt.Key.Key_Escape and self.stack.currentIndex() == SHEET:
            self.show_list()
        else:
            super().keyPressEvent(event)


def _is_done(row: ListRow) -> bool:
    return row.state == "done"


PAGES = (PageSpec("checklists", N_("Checklists"), "clipboard-check", "", ChecklistsPage),)
