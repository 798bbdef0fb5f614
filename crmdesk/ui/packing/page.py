"""The packing desk: the queue in the frame, and a slip being counted in full screen, by scanner and number keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import Right
from crmdesk.services import packing
from crmdesk.services.packing import Sheet
from crmdesk.ui import errors
from crmdesk.ui.packing import words
from crmdesk.ui.packing.queue_view import QueueView
from crmdesk.ui.packing.station import Station
from crmdesk.ui.packing.steps import PackingSteps
from crmdesk.ui.packing.words import Key
from crmdesk.ui.page import KeyHints, PageSpec
from crmdesk.ui.sounds import Tone
from crmdesk.ui.widgets import ScanCatcher


class PackingPage(PackingSteps):
    """Two views: the queue, and the station that fills the window."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.sheet: Sheet | None = None
        self._chosen: int | None = None
        self._question: Callable[[int], Any] | None = None
        self._working = False
        self._asked = 0
        self.body.setContentsMargins(0, 0, 0, 0)
        self.queue, self.station = QueueView(ctx), Station()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.queue)
        self.stack.addWidget(self.station)
        self.body.addWidget(self.stack)
        self.catcher = ScanCatcher(self)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.catcher.scanned.connect(self.scanned)
        self.queue.entered.connect(self._open_code)
        self.queue.opened.connect(self._open_sale)
        station = self.station
        station.digit.connect(self.press)
        station.enter.connect(self._enter)
        station.escape.connect(self._escape)
        station.stepped.connect(self._step)
        station.line_clicked.connect(self._choose)
        station.number.entered.connect(self._number_entered)
        station.number.left.connect(self._escape)
        station.second.signed.connect(self._second_signed)
        station.second.left.connect(self._escape)
        station.check.pressed.connect(self._tick)
        station.alarm.acknowledged.connect(self._acknowledge)
        station.alarm.wanted.connect(self._wanted)
        station.alarm.called.connect(self._call)
        station.alarm.again.connect(self._sound_alarm)

    # page -------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.queue.retranslate()
        self.station.retranslate()
        if self.sheet is None:
            return
        self.station.alarm.calm()  # it comes back in the other language
        self._show()
        self._ask_again()

    def title(self) -> str:
        return _("Packing {number}").format(number=self.sheet.number) if self.sheet else ""

    def key_hints(self) -> KeyHints:
        if self.sheet is None:
            return [("Enter", "")]
        return [("1–9", _("Keys of the station")), ("↑ ↓", _("Another line")), ("Enter", ""), ("Esc", "")]

    def clauses(self) -> list[str]:
        return ["PACK-01", "PACK-03", "PACK-04", "PACK-08", "PACK-11", "PACK-12", "PACK-13", "PACK-14"]

    def load(self, **arguments: Any) -> None:
        """Show the queue, or the slip ``sale_id``, the packing ``id``, or what a ``code`` means."""
        self._leave_slip()
        try:
            if arguments.get("id") is not None:
                self._take(packing.get_packing(self.ctx, arguments["id"]))
            elif arguments.get("sale_id") is not None:
                self._take(packing.get_slip(self.ctx, arguments["sale_id"]))
            elif arguments.get("code"):
                self._take(packing.open_slip(self.ctx, str(arguments["code"])))
        except CrmError as error:
            errors.show_error(self, error)
        if self.sheet is None:
            self._show_queue()

    def refresh(self, notice: Any = None) -> None:
        everything = notice is None or notice.everything
        if self._working or not (everything or notice.touches("sale", "packing")):
            return
        if self.sheet is None:
            self._show_queue()
        elif everything or notice.names("sale", self.sheet.sale_id) or (
            self.sheet.packing_id is not None and notice.names("packing", self.sheet.packing_id)
        ):  # fmt: skip
            self._reload()
            self._hear_answer()

    def first_focus(self) -> None:
        if self.sheet is None:
            self.queue.code_edit.setFocus()
        elif self.station.stack.currentWidget() not in (self.station.number, self.station.second):
            self.station.setFocus()

    def leave(self) -> bool:
        self.station.alarm.calm()  # the alarm itself stays in the data and comes back with the slip
        return True

    # the queue --------------------------------------------------------------------------------------------------

    def _show_queue(self) -> None:
        try:
            self.queue.show_queue(packing.find_packings(self.ctx))
        except CrmError as error:
            errors.show_error(self, error)

    def _open_code(self, text: str) -> None:
        try:
            sheet = packing.open_slip(self.ctx, text)
        except CrmError as error:
            self.queue.say(error.message)
            self.queue.code_edit.selectAll()
            self._sound(Tone.WRONG)
            return
        self.queue.say("")
        self.queue.code_edit.set_value("")
        self.open("packing", sale_id=sheet.sale_id)

    def _open_sale(self, sale_id: int) -> None:
        self.open("packing", sale_id=sale_id)

    def _leave_slip(self) -> None:
        self.station.alarm.calm()
        self.sheet, self._chosen, self._question = None, None, None
        self.full_screen = False
        self.stack.setCurrentWidget(self.queue)

    # the slip ---------------------------------------------------------------------------------------------------

    def _take(self, sheet: Sheet) -> None:
        """Show a slip from its beginning."""
        self.sheet, self.full_screen = sheet, True
        self.stack.setCurrentWidget(self.station)
        self._home()

    def _home(self) -> None:
        """Turn the large card to what belongs to the state of the slip."""
        assert self.sheet is not None
        self._question = None
        station = self.station
        panel = {"open": station.start, "packing": station.count}.get(self.sheet.state, station.check)
        station.show_panel(panel)
        self._show()

    def _reload(self) -> None:
        assert self.sheet is not None
        before = self.sheet.state
        try:
            self.sheet = packing.get_slip(self.ctx, self.sheet.sale_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        if self.sheet.state != before:
            self._home()
        else:
            self._show()

    def _show(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        station = self.station
        station.show_sheet(sheet, self.line)
        if sheet.state == "open":
            station.start.tell(
                present=sheet.customer_present, note=sheet.remark,
                lines=[words.procedure_rows(packing.procedure_of(self.ctx, here)) for here in (True, False)],
            )  # fmt: skip
        self._show_check(sheet)
        station.show_keys(self._keys(sheet))
        if sheet.pending is None:
            station.alarm.calm()
        elif station.alarm.isHidden():
            at = self.ctx.clock.local(sheet.pending.at)
            station.alarm.raise_alarm(words.alarm(sheet, sheet.pending, at), wanted=bool(sheet.pending.name))
            station.setFocus()
            self._sound(Tone.WRONG)

    def _show_check(self, sheet: Sheet) -> None:
        rows = words.check_rows(sheet)
        missing = self._missing(sheet)
        packing = sheet.state == "packing"
        follow = missing or (_("Press 9 to finish and print the labels.") if packing else _("Press 9 to seal."))
        tone = "warning" if missing else "accent"
        note = ""
        if sheet.state == "packing":
            title = _("Before it is finished")
        elif sheet.state == "packed":
            title = _("Packed. Now seal the cartons.")
        else:
            title = _("Sealed")
            follow, tone = _("All done. Press 9 for the list."), "ok"
        if not sheet.paid and sheet.state in ("packed", "sealed"):
            note = _("Not paid yet: the goods stay here until they are (PACK-09).")
        self.station.check.tell(title, note, rows, follow, digits=sheet.state != "sealed", tone=tone)

    def _keys(self, sheet: Sheet) -> list[Key]:
        station = self.station
        panel = station.stack.currentWidget()
        if panel in (station.number, station.second):
            return []
        return words.keys(sheet, self.line, self._missing(sheet), checking=panel is station.check)

    # keys -------------------------------------------------------------------------------------------------------

    def press(self, digit: int) -> None:
        """Do what a number key of the station does now."""
        sheet, station = self.sheet, self.station
        if sheet is None:
            return
        if not station.alarm.isHidden():
            if digit == 5 and not station.alarm.wanted_button.isHidden():
                self._wanted()
            elif digit == 8:
                self._call()
            return
        key = station.keys[digit - 1]
        if not key.word:
            return
        if sheet.state == "open":
            self._start(digit == 1)
        elif station.stack.currentWidget() is station.check:
            self._press_check(sheet, digit)
        elif not key.ready and digit != 9:
            self.say(key.toolTip(), "warning")
        else:
            self._press_count(sheet, digit)

    def _press_count(self, sheet: Sheet, digit: int) -> None:
        line = self.line
        self._asked = digit
        if digit == 1 and line is not None:
            title = _("How many {item} go into the carton?").format(item=line.name)
            self._ask(self._count, title, words.left_over(line.left), _("pcs"), str(line.left))
        elif digit == 2 and line is not None:
            title = _("How many {item} does the customer not want?").format(item=line.name)
            self._ask(self._cross_unwanted, title, _("They are crossed out (×) for the return slip."), _("pcs"),
                      str(line.left or 1))  # fmt: skip
        elif digit == 3 and line is not None:
            title = _("How many {item} are faulty?").format(item=line.name)
            self._ask(self._cross_faulty, title, _("They are crossed out (×) for the return slip."), _("pcs"), "1")
        elif digit == 4:
            self._undo(line)
        elif digit == 5:
            self._do(packing.new_carton)
        elif digit == 6:
            self._ask_weight(sheet)
        elif digit == 7:
            self._open_check()
        elif digit == 8:
            self._call()
        elif digit == 9 and sheet.open_lines:
            self.say(self._missing(sheet), "warning")
        elif digit == 9:
            self._finish(sheet)

    def _ask_again(self) -> None:
        """Ask an open question in the other language; what was typed stays."""
        station, sheet = self.station, self.sheet
        if sheet is None:
            return
        if station.stack.currentWidget() is station.number:
            typed = station.number.edit.text()
            self._press_count(sheet, self._asked)
            station.number.edit.setText(typed)
        elif station.stack.currentWidget() is station.second:
            person, password = station.second.person.value(), station.second.password.text()
            self._ask_second(sheet)
            station.second.person.set_value(person)
            station.second.password.setText(password)

    def _press_check(self, sheet: Sheet, digit: int) -> None:
        if digit == 9 and sheet.state == "sealed":
            self.open("packing")
        elif digit == 9:
            self._finish(sheet)
        elif digit == 6 and sheet.state != "packing":
            self._print_labels()
        elif digit == 7 and sheet.state == "packed":
            self._do(packing.reopen)
        else:
            self._tick(digit)

    def _enter(self) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        if not self.station.alarm.isHidden():
            self._acknowledge()
        elif sheet.state == "open":
            self._start(sheet.customer_present)

    def _escape(self) -> None:
        station = self.station
        if self.sheet is None or not station.alarm.isHidden():
            return  # a wrong piece is put back first
        if station.stack.currentWidget() is station.second:
            self._open_check()
        elif self.sheet.state == "packing" and not station.is_counting():
            self._home()
        else:
            self.open("packing")

    def _step(self, rows: int) -> None:
        if self.sheet is None or not self.sheet.lines or not self.station.alarm.isHidden():
            return
        ids = [line.id for line in self.sheet.lines]
        here = ids.index(self.line.id) if self.line is not None else 0
        self._choose(ids[max(0, min(len(ids) - 1, here + rows))])

    def _choose(self, line_id: int) -> None:
        self._chosen = line_id
        if self.sheet is not None and self.sheet.state == "packing":
            self._home()

    # scans ------------------------------------------------------------------------------------------------------

    def scanned(self, code: str) -> None:
        """Take what the scanner read: a slip in the queue, a piece at the station."""
        sheet = self.sheet
        if sheet is None:
            self._open_code(code)
        elif not self.station.alarm.isHidden():
            self._sound(Tone.WRONG)
        elif sheet.state == "open":
            self.say(_("First say whether the customer is here: 1 or 2."), "warning")
            self._sound(Tone.WRONG)
        elif sheet.state != "packing":
            self.say(_("This slip is packed already."), "warning")
            self._sound(Tone.WRONG)
        else:
            self._chosen = None
            outcome = self._do(packing.scan, code)
            if outcome is not None and not outcome.stops:
                self._sound(Tone.RIGHT)
            elif outcome is None:
                self._sound(Tone.WRONG)
            if self.sheet is not None and self.sheet.state == "packing" and not self.station.is_counting():
                self._home()


PAGES = (PageSpec("packing", N_("Packing"), "package-check", Right.PACK, PackingPage),)
