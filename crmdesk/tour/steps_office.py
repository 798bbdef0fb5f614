"""The tour through customers, import, month, search, regulation and settings."""

from __future__ import annotations

import csv
import io

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from crmdesk.core.codes import PaperCode, bar_text
from crmdesk.core.paths import user_data_dir
from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_phone import RECEPTION
from crmdesk.tour.steps_ring import KNOWN
from crmdesk.ui.settings.page import SECTIONS

MANAGER = "linjingli"
RARE = "尉遲勝男"
OTHER_SHOP = (
    ("客戶編號", "姓名", "電話", "地址", "類別"),
    ("K-01", "游雅婷", "0988-120-345", "台中市北區三民路三段 129 號", "零售"),
    ("K-02", "江宏達", "04-2233-8890 #12", "彰化縣員林市中山路 12 號", "批發"),
    ("K-03", "方小姐", "8.86E+11", "台中市南區復興路 3 號", "零售"),
    ("K-04", "阮氏梅", "0977-001-223", "苗栗縣頭份市中正路 88 號", "零售"),
)  # fmt: skip


def find_customer(stage: Stage) -> None:
    """Pinyin, a name, the end of a number: the list follows while one types."""
    stage.switch_to(RECEPTION, SAMPLE_PASSWORD)
    page = stage.go("customers")
    for typed, wanted in (("yuchi", RARE), ("𠮷", "陳𠮷堃"), ("5678", KNOWN)):
        stage.fill(page.search_box, typed)
        stage.press(Key.Key_Return)
        page.search_box.setFocus()
        stage.settle()
        names = [row.name for row in page.table.rows()]
        stage.check(wanted in names, f"{wanted} found by {typed!r} among {names[:5]}")
        if typed != "5678":
            stage.shoot("pinyin" if typed == "yuchi" else "rare")


def open_card(stage: Stage) -> None:
    """Enter opens the customer with the whole story."""
    page = stage.page("customers")
    rows = page.table.rows()
    page.table.select(next(row.id for row in rows if row.name == KNOWN))
    stage.settle()
    stage.check(page.card_view.card is not None and page.card_view.card.name == KNOWN, f"the card of {KNOWN}")
    page.card_view.tabs.setFocus()
    stage.press(Key.Key_Right)
    stage.settle()
    stage.check(page.card_view.tabs.value() != "overview", "the time line")


def preview_import(stage: Stage) -> None:
    """A CSV in Big5 with a phone number that Excel has spoilt."""
    stage.switch_to(MANAGER, SAMPLE_PASSWORD)
    path = user_data_dir() / "other-shop.csv"
    text = io.StringIO()
    csv.writer(text).writerows(OTHER_SHOP)
    path.write_bytes(text.getvalue().encode("big5"))
    stage.go("customers")
    stage.click(stage.page("customers").import_button)
    page = stage.page("imports")
    stage.boxes.files.append(str(path))
    stage.press(Key.Key_O, Mod.ControlModifier)
    stage.until(lambda: page.table is not None and page.task is None, "the file's rows")
    stage.check(page.mapping().get("name") == 1, "the columns recognised")


def try_import(stage: Stage) -> None:
    """F6 checks everything and writes nothing."""
    page = stage.page("imports")
    stage.press(Key.Key_F6)
    stage.until(lambda: page.result is not None, "what came of the trial")
    stage.check(page.result.error_count == 1, "one wrong row named")
    stage.check(not page.result.written, "nothing written")


def open_month(stage: Stage) -> None:
    """Six figures, a chart, the clauses; the arrow leads to the month before."""
    stage.switch_to(MANAGER, SAMPLE_PASSWORD)
    page = stage.go("month")
    stage.until(lambda: page.view is not None, "the figures")
    stage.shoot("running")
    stage.press(Key.Key_Left)
    stage.until(lambda: page.view is not None and page.view.month == 10, "the figures of October")
    stage.facts["month"] = (page.year, page.month)


def drill_down(stage: Stage) -> None:
    """Enter on a tile shows its records."""
    page = stage.page("month")
    tile = next(iter(page.tiles.values()))
    tile.setFocus()
    stage.press(Key.Key_Return)
    stage.settle()
    stage.check(page.records.isVisible() and page.records.table.rows(), "the records behind the figure")


def print_month(stage: Stage) -> None:
    """Esc back to the figures, Ctrl+P, Enter."""
    stage.press(Key.Key_Escape)

    def look(box: QDialog) -> None:
        stage.shoot()
        stage.press(Key.Key_Return)

    stage.with_box(lambda: stage.press(Key.Key_P, Mod.ControlModifier), look)


def search_anything(stage: Stage) -> None:
    """One field for names, numbers and codes."""
    stage.press(Key.Key_K, Mod.ControlModifier)
    stage.write("0912345678")
    stage.until(stage.window.top.search.matches, "what was found")
    stage.shoot("number")
    stage.press(Key.Key_Return)
    page = stage.page("customers")
    stage.settle()
    stage.check(page.card_view.card is not None and page.card_view.card.name == KNOWN, f"the card of {KNOWN}")


def open_code(stage: Stage) -> None:
    """The code on the three copies, scanned into Ctrl+K, opens the slip."""
    code = bar_text(PaperCode("S", stage.facts["slip"], 2))
    stage.press(Key.Key_K, Mod.ControlModifier)
    stage.scan(code)
    stage.settle()
    page = stage.page("sales")
    stage.check(page.card is not None and page.card.number == stage.facts["slip"], f"the slip of {code}")


def read_regulation(stage: Stage) -> None:
    """A word in any language finds the clause."""
    page = stage.go("regulation")
    stage.fill(page.search, "RCPT-01")
    stage.press(Key.Key_Return)
    stage.settle()
    stage.check(page.card.number.text() == "RCPT-01", "the clause")


def look_at_settings(stage: Stage) -> None:
    """Every section once."""
    page = stage.go("settings")
    for place, (key, _icon, _kind) in enumerate(SECTIONS):
        stage.press(Qt.Key(Key.Key_1 + place), Mod.AltModifier)
        stage.check(page.current == key, f"the section {key}")
        stage.shoot(key)


def ask_help(stage: Stage) -> None:
    """F1 beside the page."""
    stage.go("calls")
    stage.press(Key.Key_F1)
    stage.check(stage.window.help.isVisible(), "the keys")
    stage.shoot()
    stage.press(Key.Key_F1)


def lock(stage: Stage) -> None:
    """Ctrl+L; the work behind it stays as it was."""
    stage.press(Key.Key_L, Mod.ControlModifier)
    stage.until(stage.program.login.isVisible, "the locked screen")
