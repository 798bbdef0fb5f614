"""The send-off: what is said and done before a guest goes, and what keeps them (SEND-01 to SEND-06, RCPT-04)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules import visits as rules
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui.reception import words
from crmdesk.ui.reception.sheet import Sheet
from crmdesk.ui.widgets import (
    Button,
    Chip,
    ClauseTag,
    ElideLabel,
    FormGrid,
    IconLabel,
    Label,
    Progress,
    Segments,
    TextEdit,
    Well,
)
from crmdesk.ui.widgets import row as line
from crmdesk.ui.widgets.card import clear


class SendOffSheet(Sheet):
    """Ticks as chips, the way home, the key and the bill; a reason lets a guest go in spite of them."""

    step_asked = Signal(str)  # an action of the machine
    key_asked = Signal()  # take the key back
    slip_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, "SEND-06", parent)
        self.progress = Progress()
        self.count = Label("", "label", "muted")
        head = line(spacing=16)
        head.addWidget(self.progress, 1)
        head.addWidget(self.count)
        self.content.addLayout(head)
        self._build_blocks()
        self.chips: dict[str, Chip] = {}
        self.transport = Segments(list(rules.TRANSPORT.items()), size="small")
        self.transport.value_changed.connect(self._transport_chosen)
        self._lines: tuple[object, ...] = ()
        self._room = QVBoxLayout()
        self._room.setSpacing(self.content.spacing())
        self.content.addLayout(self._room)
        self._build_lines()
        self.form = FormGrid(columns=1)
        self.reason = TextEdit(max_length=200)
        self.form.add("reason", N_("Why the guest may leave anyway"), self.reason)
        self.form.changed.connect(self._reason_typed)
        self.form.finished.connect(self.check_out)
        self.content.addWidget(self.form)
        self.content.addStretch(1)
        self.out_button = Button("", kind="primary", key="Ctrl+Return", size="side")
        self.out_button.clicked.connect(self.check_out)
        self.back_button = Button("", size="side")
        self.back_button.clicked.connect(self._resume)
        self.missing = ElideLabel("", "label", "warning")
        self.foot.addWidget(self.missing)
        self.foot.addLayout(line(self.out_button, self.back_button, None))
        self.retranslate()

    def _build_lines(self) -> None:
        """Make the chips as the office's regulation lists them now; the manager may have worded them anew."""
        lines = visits.send_off_lines(self.ctx)
        if lines == self._lines:
            return
        self._lines = lines
        self.transport.setParent(self)
        self.transport.hide()
        self.chips = {}
        clear(self._room)
        for key, said, clause in lines:
            chip = Chip(said)
            chip.clicked.connect(self._ticked)
            self.chips[key] = chip
            self._room.addLayout(line(chip, None, ClauseTag(clause, self)))
            if key == "transport":
                self._room.addLayout(line(28, self.transport, None))
                self.transport.show()

    def _build_blocks(self) -> None:
        self.key_well, self.bill_well = Well(tone="warning"), Well(tone="warning")
        self.key_words, self.bill_words = Label("", "strong", wrap=True), Label("", "strong", wrap=True)
        self.key_button, self.bill_button = Button("", size="row"), Button("", key="F9", bind=False, size="row")
        self.key_button.clicked.connect(self.key_asked)
        self.bill_button.clicked.connect(self.slip_asked)
        for well, icon, label, button, clause in (
            (self.key_well, "key-round", self.key_words, self.key_button, "RCPT-04"),
            (self.bill_well, "receipt-text", self.bill_words, self.bill_button, "PACK-09"),
        ):
            well.body.addWidget(IconLabel(icon, "warning", 16))
            well.body.addWidget(label, 1)
            well.body.addWidget(ClauseTag(clause, well))
            well.body.addWidget(button)
            self.content.addWidget(well)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.transport.setAccessibleName(_("Way home"))
        self.key_button.setText(_("Key is back"))
        self.bill_button.setText(_("Sales slip"))
        self.out_button.setText(_("Check out"))
        self.back_button.setText(_("Back to the showroom"))
        if self.visit is not None:
            self.show_visit(self.visit)

    def show_visit(self, visit: VisitRow) -> None:
        """Show where the send-off stands; a reason being typed stays."""
        if self.visit is None or self.visit.id != visit.id:
            self.form.load({"reason": visit.leave_reason})
        self.visit = visit
        self.heading.setText(_("See off {name}").format(name=visit.name))
        self._build_lines()
        done, total = words.send_off_done(self.ctx, visit)
        self.progress.set(done, total, "ok" if done == total else "accent")
        self.count.setText(f"{done} / {total}")
        for key, chip in self.chips.items():
            chip.setChecked(key in visit.send_off)
        self.transport.set_value(visit.transport or None)
        self.key_well.setVisible(visit.key_out)
        self.key_words.setText(_("Key {key} is still out.").format(key=f"{visit.locker_key or 0:02d}"))
        self.bill_well.setVisible(bool(visit.unpaid))
        amount = words.amount_word(self.ctx, visit)
        self.bill_words.setText(_("Bill {slip} is not paid: {amount}").format(slip=visit.slip, amount=amount))
        self._show_ready()

    def _show_ready(self) -> None:
        if self.visit is None:
            return
        step = words.main_step(self.visit, visits.find_steps(self.ctx, self.visit))
        missing = list(step.missing) if step is not None else []
        self.form.show_field("reason", bool(missing) or bool(self.visit.leave_reason))
        if self.reason.value():
            missing = []
        self.out_button.set_ready(not missing, missing[0] if missing else "")
        self.missing.setText(missing[0] if missing else "")
        self.missing.setVisible(bool(missing))

    def first_focus(self) -> None:
        """Put the focus on the first point not done, else on the last step."""
        for key, chip in self.chips.items():
            if self.visit is not None and key not in self.visit.send_off:
                chip.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.out_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ticked(self) -> None:
        ticks = tuple(key for key, chip in self.chips.items() if chip.isChecked())
        self._write(send_off=ticks)

    def _transport_chosen(self) -> None:
        self._write(transport=str(self.transport.value() or ""))

    def _write(self, **changes: Any) -> None:
        if self.visit is None:
            return
        try:
            visits.update_visit(self.ctx, self.visit.id, self.visit.version, **changes)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.saved.emit(self.visit.id)

    def _reason_typed(self, name: str) -> None:
        self._show_ready()

    def _resume(self) -> None:
        self.step_asked.emit("resume")

    def _show_end(self) -> None:
        bar = self.scroller.verticalScrollBar()
        bar.setValue(bar.maximum())

    def check_out(self) -> None:
        """Let the guest go, or say what is missing and go there."""
        if self.visit is None:
            return
        if self.form.check() and self.out_button.ready:
            self.step_asked.emit("check_out")
        elif self.visit.key_out or self.visit.unpaid:
            # what is missing stands above the button already
            self.form.set_errors({"reason": _("Please write why the guest may go all the same.")})
            QTimer.singleShot(0, self._show_end)  # once the error has its room
        else:
            self.first_focus()
