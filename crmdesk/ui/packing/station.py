"""The counting in full screen: the piece in hand, how many, the whole slip, the carton, and nine keys."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core.i18n import _, ngettext
from crmdesk.core.money import format_number
from crmdesk.services.packing import LineRow, Sheet
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.packing import words
from crmdesk.ui.packing.alarm import Alarm
from crmdesk.ui.packing.keys import KeyGuard
from crmdesk.ui.packing.panels import CheckPanel, NumberPanel, SecondPanel, StartPanel
from crmdesk.ui.packing.pieces import ItemPicture, LineList, PieceBoxes, StationKey
from crmdesk.ui.packing.words import Key
from crmdesk.ui.widgets import (
    Button,
    Card,
    ClauseTag,
    ElideLabel,
    Label,
    Pill,
    Progress,
    Rule,
    Scroll,
    column,
    row,
)  # fmt: skip

LIST_WIDTH, NARROW_LIST = 404, 300
PICTURE_WIDTH, NARROW_PICTURE = 330, 200
NARROW = 1330


class Station(QWidget):
    """Shows one slip; it reads keys and says what was pressed, the page acts."""

    digit = Signal(int)
    enter = Signal()
    escape = Signal()
    stepped = Signal(int)
    line_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counting = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.guard = KeyGuard(self)
        self.guard.digit.connect(self._digit)
        self.guard.enter.connect(self._enter)
        body = QVBoxLayout(self)
        body.setContentsMargins(28, 16, 28, 16)
        body.setSpacing(12)
        body.addLayout(self._build_head())
        self.stack = QStackedWidget()
        self.start, self.number, self.check, self.second = StartPanel(), NumberPanel(), CheckPanel(), SecondPanel()
        self.count = self._build_count()
        for panel in (self.count, self.start, self.number, self.check, self.second):
            self.stack.addWidget(panel)
        self.card = Card(margins=(24, 24, 24, 16))
        self.card.body.addWidget(self.stack, 1)
        self.list_card = self._build_list()
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.card, 1)
        middle.addWidget(self.list_card)
        body.addLayout(middle, 1)
        body.addLayout(self._build_carton())
        self.keys = [StationKey(place) for place in range(1, 10)]
        for key in self.keys:
            key.clicked.connect(self._key_clicked)
        body.addLayout(row(*self.keys))
        self.alarm = Alarm(self)

    # building ---------------------------------------------------------------------------------------------------

    def _build_head(self) -> QHBoxLayout:
        self.number_label = Label("", "page")
        self.person_label = ElideLabel("", "head", bold=False)
        self.person_label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.present_pill = Pill("", "accent")
        self.paid_pill = Pill("", "ok")
        self.who_label = Label("", "row", "muted")
        self.line_label = Label("", "card")
        self.progress = Progress(height=8)
        self.progress.setFixedWidth(180)
        self.pieces_label = Label("", "row", "muted")
        self.leave_button = Button(key="Esc", kind="quiet")
        self.leave_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.leave_button.clicked.connect(self.escape)
        return row(
            IconLabel("package-check", "accent", 24), self.number_label, self.person_label, self.present_pill,
            self.paid_pill, None, self.who_label, 16, self.line_label, self.progress, self.pieces_label, 16,
            self.leave_button, spacing=10,
        )  # fmt: skip

    def _build_count(self) -> QWidget:
        panel = QWidget()
        self.picture = ItemPicture()
        self.picture.setFixedWidth(NARROW_PICTURE)
        self.area_pill, self.note_pill = Pill("", "neutral"), Pill("", "warning")
        self.name_label = Label("", "station", wrap=True)
        self.code_label = Label("", "number", "muted")
        self.packed_label = Label("", "packing", "accent")
        self.wanted_label = Label("", "cash", "muted", bold=False)
        self.left_label = Label("", "timer")
        for figure in (self.packed_label, self.wanted_label):
            figure.setMinimumHeight(104)  # the digits fit; the air around them is the first to go
        self.boxes = PieceBoxes()
        figures = row(self.packed_label, self.wanted_label, None, self.left_label, spacing=22)
        for label in (self.wanted_label, self.left_label):
            figures.setAlignment(label, Qt.AlignmentFlag.AlignBottom)
            label.setContentsMargins(0, 0, 0, 14)
        right = column(
            row(self.area_pill, self.note_pill, None), self.name_label, self.code_label, None, figures, None,
            self.boxes, spacing=6,
        )  # fmt: skip
        self.next_label = ElideLabel("", "timer", "accent")
        self.saying_label = Label("", "row", "muted")
        foot = row(IconLabel("scan-barcode", "accent", 22), self.next_label, self.saying_label, ClauseTag("PACK-03"),
                   spacing=12)  # fmt: skip
        foot.setStretchFactor(self.next_label, 1)
        upper = row(self.picture, spacing=24)
        upper.addLayout(right, 1)
        body = QVBoxLayout(panel)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addLayout(upper, 1)
        body.addWidget(Rule())
        body.addLayout(foot)
        return panel

    def _build_list(self) -> Card:
        card = Card(margins=1, spacing=0)
        self.list_title, self.list_note = Label("", "card"), Label("", "body", "muted")
        head = row(self.list_title, None, self.list_note)
        head.setContentsMargins(20, 14, 20, 6)
        self.lines = LineList()
        self.lines.clicked.connect(self.line_clicked)
        self.lines_scroll = Scroll(self.lines, least=120)
        card.body.addLayout(head)
        card.body.addWidget(self.lines_scroll, 1)
        card.setFixedWidth(NARROW_LIST)
        return card

    def _build_carton(self) -> QHBoxLayout:
        self.carton_label = Label("", "page")
        self.weight_label = Label("", "number", "muted")
        font = self.weight_label.font()
        font.setPointSizeF(16)
        self.weight_label.setFont(font)
        self.carton_pills = [Pill("", "neutral") for _place in range(4)]
        self.carton_note = ElideLabel("", "row", "muted")
        self.carton_note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = row(
            IconLabel("package", "accent", 24), self.carton_label, 8, self.weight_label, 24, *self.carton_pills, 12,
            self.carton_note,
        )  # fmt: skip
        line.setStretchFactor(self.carton_note, 1)
        return line

    def retranslate(self) -> None:
        """Name what has no label of its own, for those who don't see the screen."""
        self.setAccessibleName(_("Packing station"))
        self.number.edit.setAccessibleName(self.number.title.text() or _("Quantity"))
        self.second.person.setAccessibleName(_("Who counted again"))
        self.second.password.setAccessibleName(_("Your password"))

    # showing ----------------------------------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet, chosen: LineRow | None) -> None:
        """Show the slip; ``chosen`` is the line in hand."""
        self._show_head(sheet, chosen)
        self._show_carton(sheet)
        self.lines.set_lines(sheet.lines, chosen.id if chosen else None)
        place = self.lines.place_of(chosen.id if chosen else None)
        self.lines_scroll.ensureVisible(10, round(place.center().y()), 0, 80)
        full = sum(line.full and line.tick != "x" for line in sheet.lines)
        crossed = sum(line.tick == "x" for line in sheet.lines)
        self.list_title.setText(_("This slip"))
        self.list_note.setText(
            _("{full} ✓   {crossed} ×   {open} open").format(full=full, crossed=crossed, open=sheet.open_lines)
        )
        self._show_line(sheet, chosen)

    def _show_head(self, sheet: Sheet, chosen: LineRow | None) -> None:
        self.number_label.setText(sheet.number)
        self.person_label.setText(words.person(sheet))
        self.present_pill.set(
            _("Customer present") if sheet.customer_present else _("Customer absent"),
            "accent" if sheet.customer_present else "warning",
        )
        self.present_pill.setVisible(sheet.packing_id is not None)
        self.paid_pill.set(_("Paid") if sheet.paid else "")
        who = _("Counted by {name}").format(name=sheet.counter) if sheet.counter else ""
        if sheet.second_at:
            who += "   " + _("again by {name}").format(name=sheet.second)
        self.who_label.setText(who)
        place = next((i for i, line in enumerate(sheet.lines, 1) if chosen and line.id == chosen.id), 0)
        self.line_label.setText(_("Line {place} / {total}").format(place=place, total=len(sheet.lines)))
        self.progress.set(sheet.packed, sheet.pieces or 1)
        pieces = ngettext("{packed} / {total} piece", "{packed} / {total} pieces", sheet.pieces)
        self.pieces_label.setText(pieces.format(packed=sheet.packed, total=sheet.pieces))
        self._counting = sheet.state == "packing"
        self._name_leave()

    def _show_line(self, sheet: Sheet, line: LineRow | None) -> None:
        self.picture.set_item(line.name if line else "")
        self.area_pill.set(_("Area {area}").format(area=line.area) if line and line.area else "")
        note = ""
        if line and line.crossed:
            pattern = _("Faulty {count}") if line.reason == "faulty" else _("Not wanted {count}")
            note = pattern.format(count=line.crossed)
        self.note_pill.set(note, "danger")
        self.name_label.setText(line.name if line else "")
        self.code_label.setText(line.code if line else "")
        self.packed_label.setText(str(line.packed if line else 0))
        self.wanted_label.setText(f"/ {line.wanted if line else 0}")
        self.boxes.set_count(line.packed if line else 0, line.wanted if line else 0)
        if line is None or line.full:
            self.left_label.setText(_("complete"))
        else:
            self.left_label.setText(words.left_over(line.left))
        if not sheet.open_lines:
            self.next_label.setText(_("Everything is counted. Press 9 to go on."))
        elif line is not None and not line.full:
            self.next_label.setText(_("Please scan the next {item}").format(item=line.name))
        else:
            self.next_label.setText(_("Please scan the next piece"))
        self.saying_label.setText(_("Count one, pack one, tick one"))

    def _show_carton(self, sheet: Sheet) -> None:
        carton = sheet.carton
        self.carton_label.setText(_("Carton {number}").format(number=carton.position if carton else 1))
        grams = carton.weight_g if carton else 0
        self.weight_label.setText(f"{format_number(Decimal(grams) / 1000, 1)} kg" if grams else "")
        shown = sheet.cartons[-len(self.carton_pills) :]
        for place, pill in enumerate(self.carton_pills):
            if place >= len(shown):
                pill.set("")
                continue
            last = shown[place] is carton and sheet.state == "packing"
            count = shown[place].pieces
            word = ngettext("Carton {number} · {count} pc", "Carton {number} · {count} pcs", count)
            if last:
                word = ngettext("Carton {number} · {count} pc, being filled",
                                "Carton {number} · {count} pcs, being filled", count)  # fmt: skip
            text = word.format(number=shown[place].position, count=count)
            pill.set(text, "accent" if last else "neutral")
        note = _("Copy 3 to the customer · name, address, phone on the carton")
        if not sheet.customer_present:
            note = _("Copy 3 inside the lid of the last carton · name over the seal")
        self.carton_note.setText(note)

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Say what the nine keys do now; a blank word is a dead key."""
        for button, key in zip(self.keys, [*keys, *([Key("")] * (9 - len(keys)))], strict=True):
            button.tell(key.word, ready=key.ready, reason=key.reason)
        self._size_keys()

    def _size_keys(self) -> None:
        small = any(button.too_wide(word) for word in words.every_word() for button in self.keys[:1])
        for button in self.keys:
            button.set_small(small)

    def show_panel(self, panel: QWidget) -> None:
        """Turn the large card to a panel; without fields of its own the station takes the focus."""
        self.stack.setCurrentWidget(panel)
        self._name_leave()
        if panel not in (self.number, self.second):
            self.setFocus()

    def _name_leave(self) -> None:
        """Say where Esc leads: out of a question or the check list back to the counting, else away from the slip."""
        panel = self.stack.currentWidget()
        back = panel in (self.number, self.second) or (panel is self.check and self._counting)
        self.leave_button.setText(_("Back") if back else _("Leave"))

    def is_counting(self) -> bool:
        """Whether the piece in hand is shown."""
        return self.stack.currentWidget() is self.count

    # keys -------------------------------------------------------------------------------------------------------

    def _digit(self, digit: int) -> None:
        self.digit.emit(digit)

    def _enter(self) -> None:
        self.enter.emit()

    def _key_clicked(self) -> None:
        key = self.sender()
        if isinstance(key, StationKey):
            self.digit.emit(key.digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif not self.guard.take(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.alarm.setGeometry(self.rect())
        narrow = self.width() < NARROW
        self.picture.setFixedWidth(NARROW_PICTURE if narrow else PICTURE_WIDTH)
        self.list_card.setFixedWidth(NARROW_LIST if narrow else LIST_WIDTH)
        self.saying_label.setVisible(not narrow)
        self._size_keys()

    def hideEvent(self, event: QHideEvent) -> None:
        self.guard.stop()
        super().hideEvent(event)
