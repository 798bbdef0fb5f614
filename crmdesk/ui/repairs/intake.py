"""The intake: who, which piece, which part, what the customer was told, and the photo (REP-02 to REP-05)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.errors import AlreadySaved, CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules import repairs as rules
from crmdesk.services import repairs
from crmdesk.services.context import Context
from crmdesk.services.items import find_item_by_code
from crmdesk.services.repairs import Photo, RepairForm, TakenIn
from crmdesk.ui.kept import Kept, back_again, chosen
from crmdesk.ui.once import Once
from crmdesk.ui.repairs.customer_field import CustomerField
from crmdesk.ui.repairs.photo_area import PhotoArea
from crmdesk.ui.repairs.words import CHECKED, CHIPS, ROUTE_WORDS, window_words
from crmdesk.ui.widgets import (
    Button,
    Card,
    ChipRow,
    DayEdit,
    FormGrid,
    IconLabel,
    Label,
    MoneyEdit,
    NoteEdit,
    Scroll,
    Segments,
    TextEdit,
    Well,
    row,
)  # fmt: skip

PHOTO_WIDTH = 372
_AMOUNTS = ("declared_value", "fee_limit")


class ShortNote(NoteEdit):
    """A note that asks for two lines and takes the free height."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())


class IntakeView(QWidget):
    """The form at the left, the photo and the papers at the right."""

    taken_in = Signal(object)  # TakenIn
    closed = Signal()
    failed = Signal(object)
    refused = Signal(str)
    told = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.dirty = False
        self.once = Once()
        self.kept = Kept(ctx, "repair", self)
        self.kept_photos = Kept(ctx, "repair_photos", self)  # apart: they are large and change seldom
        self.kept.due.connect(self.keep_draft)
        self.kept_photos.due.connect(self.keep_photos)
        self.call_id: int | None = None
        self._filled: dict[str, str] = {}  # what the catalogue wrote; typing of our own is never replaced
        self._code = ""
        self._build_form()
        self._build_photo()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.card, 1)
        line.addWidget(self.photo_card)
        self._connect()
        self.clear()

    # building ---------------------------------------------------------------------------------------------------

    def _build_form(self) -> None:
        self.card = Card(margins=(20, 14, 20, 14), spacing=10)
        content = QWidget()
        body = QVBoxLayout(content)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(10)
        self.customer = CustomerField(self.ctx)
        body.addWidget(self.customer)
        self.form = form = FormGrid(columns=4)
        form.add("item_code", N_("Item code"), TextEdit(max_length=40, icon="scan-barcode"), clause="REP-04",
                 required=True)  # fmt: skip
        form.add("item_name", N_("Item"), TextEdit(max_length=120), span=2)
        form.add("material", N_("Material"), TextEdit(max_length=60), clause="REP-03")
        form.add("part", N_("Part to repair"), TextEdit(max_length=200), span=4, clause="REP-04", required=True)
        form.add("condition", N_("Condition"), TextEdit(max_length=200), span=2)
        form.add("weight_g", N_("Weight (g)"), MoneyEdit())
        form.add("stones", N_("Stones"), TextEdit(max_length=40))
        form.add("declared_value", N_("Declared value"), MoneyEdit())
        form.add("fee_limit", N_("Fee limit"), MoneyEdit())
        form.add("purchase_number", N_("Bought on slip"), TextEdit(max_length=20))
        form.add("bought_on", N_("Bought on the day"), DayEdit(self.ctx.clock.today), clause="CALL-18")
        form.add("route", N_("Where it is repaired"), Segments(list(ROUTE_WORDS.items()), value="own"), span=2,
                 clause="REP-02")  # fmt: skip
        form.add("promised_on", N_("Promised for"), DayEdit(self.ctx.clock.today), span=2)
        form.add("told", N_("Checked and told"), ChipRow(CHIPS), span=4, clause="REP-02")
        form.add("instruction", N_("For the workshop"), ShortNote(lines=2, max_length=2000), span=2, grow=True)
        form.add("internal_note", N_("Internal note"), ShortNote(lines=2, max_length=2000), span=2)
        self.window_well = Well(tone="warning", margins=(12, 7, 12, 7))
        self.window_label = Label("", "body", wrap=True)
        self.window_well.body.addWidget(IconLabel("calendar-clock", "warning", 16))
        self.window_well.body.addWidget(self.window_label, 1)
        body.addWidget(form, 1)
        self.card.body.addWidget(Scroll(content, least=240), 1)
        self.save_button = Button("", kind="primary", key="Ctrl+Return", size="side")
        self.close_button = Button("", key="Esc", size="side")
        self.reason_label = Label("", "label", "warning", wrap=True)
        foot = row(self.save_button, self.close_button, spacing=8)
        foot.addWidget(self.reason_label, 1)
        self.card.add(self.window_well, foot)  # always in sight: it is what the customer is told

    def _build_photo(self) -> None:
        self.photo_card = Card(margins=(20, 14, 20, 14), spacing=10)
        self.photo_card.setFixedWidth(PHOTO_WIDTH)
        self.photos = PhotoArea()
        self.photo_button = Button("", icon="camera", key="Ctrl+O")
        self.remove_button = Button("", icon="trash-2", kind="quiet")
        self.ring_label = Label("", "label", "muted", wrap=True)
        self.photo_error = Label("", "label", "danger", wrap=True)
        self.photo_error.hide()
        self.photo_card.body.addWidget(self.photos, 1)
        self.photo_card.add(self.photo_error, self.ring_label, row(self.photo_button, None, self.remove_button))

    def _connect(self) -> None:
        self.customer.changed.connect(self._changed)
        self.customer.finished.connect(self._to_piece)
        self.customer.failed.connect(self.failed)
        self.form.changed.connect(self._form_changed)
        self.form.finished.connect(self._to_photo)
        self.form.field("item_code").editingFinished.connect(self.look_up)
        self.photos.value_changed.connect(self._photos_changed)
        self.photos.refused.connect(self._photo_refused)
        self.photos.opened.connect(self.photos.add_files)
        self.photo_button.clicked.connect(self.photos.add_files)
        self.remove_button.clicked.connect(self.photos.remove)
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self.closed)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.card.set_title(_("Take in a repair"))
        self.photo_card.set_title(_("Photo"), _("before it is handed over"))
        self.customer.retranslate()
        self.save_button.setText(_("Take in"))
        self.close_button.setText(_("Close"))
        self.photo_button.setText(_("Open photo"))
        self.remove_button.setText(_("Remove"))
        self._show_route()
        self._show_photo_words()
        self._show_ready()

    def hasHeightForWidth(self) -> bool:
        return False  # the form scrolls by itself; its wish for height must not make the whole page scroll

    # filling ----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Begin with an empty form."""
        self.once.renew()
        self.kept.drop()
        self.kept_photos.drop()
        self.customer.clear()
        self.form.load(dict.fromkeys(self.form.names()) | {"route": "own", "told": frozenset()})
        self.photos.set_value(())
        self._filled, self._code, self.dirty, self.call_id = {}, "", False, None
        self._photo_refused("")
        self.retranslate()

    def begin(
        self, *, customer_id: int | None = None, name: str = "", phone: str = "", item_code: str = "",
        call_id: int | None = None,
    ) -> None:  # fmt: skip
        """Start an intake for somebody; ``call_id`` is the call that asked for it (CALL-29)."""
        self.clear()
        self.call_id = call_id
        if customer_id is not None:
            self.customer.take(customer_id)
        elif name or phone:
            self.customer.clear(name=name, phone=phone)
        if item_code:
            self.form.field("item_code").set_value(item_code)
            self.look_up()
        self.dirty = False
        if not (customer_id or name or phone or item_code):
            self._take_draft()
        self._show_ready()

    def keep_draft(self) -> None:
        """Write down what is half typed, for the case that the program or the power fails."""
        if self.dirty:
            self.kept.keep({
                "id": None, "token": self.once.token, "customer_id": self.customer.customer_id,
                "customer": self.customer.form.values(), "values": self.form.values(), "call_id": self.call_id,
            })  # fmt: skip

    def keep_photos(self) -> None:
        """Write down the photos; they belong to the draft with the same token."""
        if self.dirty:
            self.kept_photos.keep({"id": None, "token": self.once.token, "photos": self.photos.value()})

    def _take_draft(self) -> None:
        """Show again what was half typed when the program ended, with its photos."""
        draft = self.kept.find(None)
        photos = self.kept_photos.find(None, Photo)
        if draft is None and photos is None:
            return
        if draft is not None:
            self.once, self.call_id = Once(draft["token"]), draft.get("call_id")
            if draft["customer_id"] is not None:
                self.customer.take(draft["customer_id"])
            else:
                known = chosen(draft["customer"], self.customer.form.names())
                self.customer.clear(name=str(known.get("name") or ""), phone=str(known.get("phones.0") or ""))
            self.form.load(self.form.values() | chosen(draft["values"], self.form.names()))
            self._code = str(self.form.field("item_code").value())
        if photos is not None:
            self.photos.set_value(photos["photos"])
        self.dirty = True
        self._show_route()
        self._show_photo_words()
        self._look_at_material()
        self.told.emit(back_again())

    def first_focus(self) -> None:
        """Put the focus on who it is, or on the piece when we know that."""
        if self.customer.customer_id is None:
            self.customer.first_focus()
        else:
            self._to_piece()

    def look_up(self) -> None:
        """Fill name and material from the catalogue by the code; what was typed by hand stays."""
        field = self.form.field("item_code")
        code = str(field.value())
        if code == self._code:
            return
        self._code = code
        try:
            item = find_item_by_code(self.ctx, code) if code else None
        except CrmError as error:
            self.failed.emit(error)
            return
        field.set_aside("" if item is not None or not code else _("not in the catalogue"))
        found = {"item_name": item.name, "material": item.material} if item is not None else {}
        for name in ("item_name", "material"):
            target = self.form.field(name)
            if target.value() in ("", self._filled.get(name)):
                target.set_value(found.get(name, ""))
        self._filled = found
        if item is not None:
            field.set_value(item.code)
            self._code = item.code
        self._look_at_material()

    # what follows from the values -------------------------------------------------------------------------------

    def _to_piece(self) -> None:
        self.form.focus_first("item_code")

    def _to_photo(self) -> None:
        self.photos.setFocus(Qt.FocusReason.TabFocusReason)

    def _changed(self) -> None:
        self.dirty = True
        self.kept.touch()
        self._show_ready()

    def _form_changed(self, name: str) -> None:
        if name == "route":
            self._show_route()
        if name in ("material", "item_name"):
            self._look_at_material()
        self._changed()

    def is_thai_silver(self) -> bool:
        """Whether what is written says Thai silver (REP-03)."""
        return rules.is_thai_silver(f"{self.form.field('material').value()} {self.form.field('item_name').value()}")

    def _look_at_material(self) -> None:
        shown = self.form.errors()
        if self.is_thai_silver():
            sentence = _("Thai silver is not taken in for repair. Please tell the customer.")
            self.form.set_errors({**shown, "material": sentence}, focus=False)
        elif "material" in shown:
            self.form.set_errors({key: text for key, text in shown.items() if key != "material"}, focus=False)
        self._show_ready()

    def _show_route(self) -> None:
        away = self.form.field("route").value() == "away"
        self.form.show_field("promised_on", not away)
        self.window_well.setVisible(away)
        if away:
            earliest, latest = rules.return_window(self.ctx.clock.today(), self.ctx.policy)
            self.window_label.setText(window_words(self.ctx, earliest, latest))

    def _photos_changed(self) -> None:
        self._photo_refused("")
        self._show_photo_words()
        self._changed()
        self.kept_photos.touch()

    def _photo_refused(self, sentence: str) -> None:
        self.photo_error.setText(sentence)
        self.photo_error.setVisible(bool(sentence))

    def _show_photo_words(self) -> None:
        has = bool(self.photos.value())
        self.remove_button.setVisible(has)
        self.ring_label.setText(
            _("Click the part to repair, or move the ring with the arrow keys.")
            if has
            else _("Without a photo the piece stays in the house until one is taken.")
        )

    def _paste(self) -> None:
        """Ctrl+V anywhere: a picture goes to the photos, text into the field."""
        if self.photos.paste():
            return
        focused = self.focusWidget()
        if focused is not None and hasattr(focused, "paste"):
            focused.paste()

    def find_missing(self) -> list[str]:
        """Return what still has to be written before the piece can be taken in, in words."""
        missing = []
        if self.customer.customer_id is None and self.customer.new_customer() is None:
            missing.append(_("the customer"))
        if not self.form.field("item_code").value():
            missing.append(_("item code"))
        if not self.form.field("part").value():
            missing.append(_("part to repair"))
        if CHECKED not in self.form.field("told").value():
            missing.append(_("check for Thai silver"))
        return missing

    def _show_ready(self) -> None:
        if self.is_thai_silver():
            reason = _("Thai silver is not taken in for repair. Please tell the customer.")
        elif missing := self.find_missing():
            reason = _("Still missing: {list}").format(list=_(", ").join(missing))
        else:
            reason = ""
        self.save_button.set_ready(not reason, reason)
        self.reason_label.setText(reason)

    # saving -----------------------------------------------------------------------------------------------------

    def repair_form(self) -> RepairForm:
        """Return what is written."""
        values: dict[str, Any] = self.form.values()
        told = values.pop("told")
        for name in _AMOUNTS:
            values[name] = values[name] or Decimal(0)
        if values["route"] == "away":
            values["promised_on"] = None
        return RepairForm(
            customer_id=self.customer.customer_id, new_customer=self.customer.new_customer(),
            not_thai_silver=CHECKED in told, told=told - {CHECKED}, photos=self.photos.value(),
            call_id=self.call_id, **values,
        )  # fmt: skip

    def save(self) -> None:
        """Take the piece in; what is wrong stands under its field and nothing typed is lost."""
        self.look_up()
        self.customer.take_exact()
        if problems := {**self.customer.form.problems(), **self.form.problems()}:
            self._show_errors(problems)
            return
        try:
            taken = repairs.take_in(self.ctx, self.once.stamp(self.repair_form()))
        except ValidationError as error:
            self._show_errors(error.fields)
            return
        except AlreadySaved as error:
            self._saved_before(error)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self.clear()
        self.taken_in.emit(taken)

    def _saved_before(self, error: AlreadySaved) -> None:
        """Show the repair whose answer got lost, with its papers."""
        try:
            card = repairs.get_repair(self.ctx, error.record_id)
        except CrmError as other:
            self.failed.emit(other)
            return
        told = self.once.told(error, self.repair_form())
        self.clear()
        self.taken_in.emit(TakenIn(card.row.id, card.row.number, tuple(paper.id for paper in card.papers)))
        self.failed.emit(told)

    def _show_errors(self, problems: dict[str, str]) -> None:
        renamed = {("told" if name == CHECKED else name): text for name, text in problems.items()}
        rest = self.customer.set_errors(renamed)
        mine = len(rest) == len(renamed)
        rest = self.form.set_errors(rest, focus=mine)
        if mine and "told" in renamed and list(self.form.errors()) == ["told"]:
            self.form.field("told").focus_missing()
        self._photo_refused(rest.pop("photos", ""))
        if rest:
            self.failed.emit(ValidationError(rest))
