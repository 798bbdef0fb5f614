"""The tour through the archive: birthdays on Today, closed fields, own fields, files, doubles, lists, an update."""

from __future__ import annotations

import csv
import io
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from crmdesk.core.i18n import _
from crmdesk.core.paths import user_data_dir
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_phone import choose
from crmdesk.tour.steps_repair import draw_photo
from crmdesk.tour.steps_ring import KNOWN
from crmdesk.ui.settings.page import SECTIONS
from crmdesk.ui.widgets import Button

FIELD, ENTRY = "店面招牌顏色", "深綠底金字"
DOUBLE = "許玉梅"
VIEW = "客戶與店面招牌"
UPDATE = (
    ("客戶編號", "姓名", "電話", "地區", "籍貫"),
    ("C-0182", "陳李美鳳", "0912-345-678", "台中市西屯區", "彰化鹿港"),
    ("C-0052", "單雅慧", "0931-207-884", "臺北大同", "臺北大稻埕"),
    ("", "顏如玉", "0935-118-204", "台南", "台南"),
)  # fmt: skip


def congratulate(stage: Stage) -> None:
    """A birthday by the moon stands on Today days ahead; Enter opens the care of the card, how is noted."""
    board = stage.page("today")
    found = [line.task for line in board.list.lines() if line.task.duty == "birthday_customer"]
    task: Any = next((task for task in found if task.customer == KNOWN), None)
    stage.check(task is not None, f"the birthday of {KNOWN} on the board")
    board.list.choose(task.key)
    stage.shoot("board")
    stage.press(Key.Key_Return)
    stage.settle()
    tab = _card(stage, "care")
    done = tab.list.itemAt(0).widget().findChild(Button)

    def by_phone(box: QDialog) -> None:
        stage.shoot("how")
        stage.press(Key.Key_Return)

    stage.with_box(lambda: stage.click(done), by_phone)
    stage.settle()
    stage.go("today")
    stage.check(task.key not in [one.task.key for one in board.list.lines()], "gone from the board")


def _card(stage: Stage, tab: str) -> Any:
    """Return a tab of the card that is shown, chosen by its number."""
    view = stage.page("customers").card_view
    stage.check(view.card is not None and view.card.name == KNOWN, f"the card of {KNOWN}")
    view.tabs.choose(tab)
    stage.settle()
    return view.stack.currentWidget()


def add_field(stage: Stage) -> None:
    """The manager wants to know one thing more: Ctrl+N, a title, Ctrl+Enter."""
    page = stage.go("settings")
    place = next(place for place, (key, _icon, _kind) in enumerate(SECTIONS) if key == "archive")
    stage.press(Qt.Key(Key.Key_1 + place), Mod.AltModifier)
    stage.settle()
    section = page.stack.currentWidget()
    section.table.setFocus()
    stage.press(Key.Key_N, Mod.ControlModifier)
    stage.write(FIELD)
    choose(stage, section.form.field("section"), "social")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(section.field is not None and section.field.name == FIELD and section.field.own, "the new field")


def look_closed(stage: Stage) -> None:
    """Family, health and money are closed; Ctrl+O opens them for the day, and who looked stands below."""
    page = stage.go("customers")
    stage.fill(page.search_box, KNOWN)
    stage.press(Key.Key_Return)
    stage.settle()
    page.table.select(next(row.id for row in page.table.rows() if row.name == KNOWN))
    tab = _card(stage, "archive")
    stage.check(tab.panel.isVisible(), "the closed fields named, not shown")
    stage.shoot("closed")
    tab.panel.open_button.setFocus()
    stage.press(Key.Key_O, Mod.ControlModifier)
    stage.settle()
    stage.check(not tab.panel.isVisible(), "the closed fields shown")
    stage.settle()
    tab.verticalScrollBar().setValue(tab.verticalScrollBar().maximum())


def fill_in(stage: Stage) -> None:
    """Ctrl+E: the field of the office's own, and a mother's birthday by the moon; the archive is fuller."""
    page = stage.page("customers")
    before = page.card_view.card.percent
    page.table.setFocus()
    stage.press(Key.Key_E, Mod.ControlModifier)
    form = page.form_view.form
    own = next(name for name, field in page.form_view.part.fields.items() if field.name == FIELD)
    form.focus_first(own)
    stage.write(ENTRY)
    form.focus_first("relatives")
    rows = page.form_view.part.relatives
    stage.shoot("family")
    stage.check(rows is not None, "the family")
    form.focus_first("archive.news_from")
    stage.shoot("own")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(page.card_view.card.percent > before, f"fuller than {before} %")


def attach(stage: Stage) -> None:
    """A photo of what she has made to order is kept with the card."""
    tab = _card(stage, "files")
    picture = user_data_dir() / "訂作手鐲.jpg"
    draw_photo(picture)
    stage.boxes.files.append(str(picture))
    stage.click(tab.panel.add_button)
    stage.until(lambda: tab.panel.lines, "the file in the list")


def type_double(stage: Stage) -> None:
    """While a name is typed that is here already, the cards that look like it stand above the form."""
    page = stage.page("customers")
    stage.fill(page.search_box, "陳李美風")  # nobody of that name is found, so the card begins with it
    stage.press(Key.Key_Return)
    page.search_box.setFocus()
    stage.press(Key.Key_N, Mod.ControlModifier)
    form = page.form_view.form
    stage.fill(form.field("company"), "陳家銀楼")
    stage.fill(form.field("address"), "台中西屯區河南路2段188號")
    stage.until(page.form_view.alike.isVisible, "cards that look like it")
    stage.check(page.form_view.alike.found[0].name == KNOWN, f"{KNOWN} among them")
    stage.shoot()
    stage.with_box(lambda: stage.press(Key.Key_1, Mod.ControlModifier), lambda box: stage.press(Key.Key_Return))
    stage.settle()
    stage.check(page.card_view.card.name == KNOWN, "the card that is here already")


def merge(stage: Stage) -> None:
    """Ctrl+M: two cards of one customer side by side; merged, and taken apart again."""
    page = stage.page("customers")
    stage.fill(page.search_box, DOUBLE)
    stage.press(Key.Key_Return)
    stage.settle()
    rows = [row for row in page.table.rows() if row.name == DOUBLE]
    stage.check(len(rows) == 2, f"two cards of {DOUBLE}")
    page.table.select(min(row.id for row in rows))
    stage.settle()
    page.table.setFocus()
    stage.press(Key.Key_M, Mod.ControlModifier)
    view = page.merging.view
    stage.check(view.pair is not None and page.merging.is_shown, "both side by side")
    stage.press(Key.Key_Down)
    stage.press(Key.Key_Right)
    stage.shoot()
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(len([row for row in page.table.rows() if row.name == DOUBLE]) == 1, "one card left")
    word = _("Take {name} ({code}) out again").partition("{")[0].strip()
    stage.from_menu(lambda: stage.click(page.card_view.more_button), word)
    stage.settle()
    stage.check(len([row for row in page.table.rows() if row.name == DOUBLE]) == 2, "both as before")


def choose_columns(stage: Stage) -> None:
    """Alt+L: the office's own field becomes a column, and the view is kept for everybody."""
    page = stage.page("customers")
    stage.fill(page.search_box, "")
    stage.press(Key.Key_Return)
    stage.settle()

    def tick(box: Any) -> None:
        for title in (_("Region"), _("Last"), FIELD):  # two less, the office's own instead
            lines = box.table.rows()
            box.table.selectRow(next(place for place, line in enumerate(lines) if line.title == title))
            stage.press(Key.Key_Space)
        stage.press(Key.Key_Up, Mod.AltModifier, times=4)
        stage.shoot("dialog")
        stage.press(Key.Key_Return, Mod.ControlModifier)

    stage.with_box(
        lambda: stage.from_menu(lambda: stage.press(Key.Key_L, Mod.AltModifier), _("Columns…")), tick
    )
    stage.settle()
    titles = [column.title for column in page.tools.shown_columns()]
    stage.check(FIELD in titles, f"{FIELD} among the columns {titles}")

    def name(box: QDialog) -> None:
        stage.write(VIEW)
        stage.press(Key.Key_Return)

    stage.with_box(
        lambda: stage.from_menu(lambda: stage.press(Key.Key_L, Mod.AltModifier), _("Save this view…")), name,
        lambda box: stage.press(Key.Key_Return),
    )  # fmt: skip
    stage.settle()


def try_update(stage: Stage) -> None:
    """A file of known customers: tried out, every field that would change stands with its old and new words."""
    page = stage.page("imports")
    path = user_data_dir() / "update.csv"
    text = io.StringIO()
    csv.writer(text).writerows(UPDATE)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    stage.boxes.files.append(str(path))
    stage.press(Key.Key_O, Mod.ControlModifier)
    stage.until(lambda: page.table is not None and page.table.name == path.name and page.task is None, "the file")
    page.existing_choice.setFocus()
    stage.press(Key.Key_2)
    stage.press(Key.Key_F6)
    stage.until(lambda: page.result is not None, "what would change")
    stage.check(page.result.error_count == 0, f"no fault: {page.result}")
    stage.check(page.changes_view.isVisible() and page.changes_view.rows(), "the differences")
