"""The tour at the repair bench: taken in with a photo, Thai silver refused, repaired and picked up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QDialog

from crmdesk.core.paths import user_data_dir
from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_slip import PACKER

OWNER = "陳麗華"


def refuse_thai_silver(stage: Stage) -> None:
    """F7: the code of a Thai silver ring; the window says at once what to tell the customer."""
    stage.switch_to(PACKER, SAMPLE_PASSWORD)
    stage.press(Key.Key_F7)
    page = stage.page("repairs")
    stage.write("3582016")
    stage.settle()
    stage.press(Key.Key_Return)
    stage.check(page.intake.customer.name == OWNER, f"{OWNER} taken over")
    stage.enter("R-1071")
    stage.settle()
    stage.check(page.intake.is_thai_silver() and not page.intake.save_button.ready, "Thai silver refused")


def take_in(stage: Stage) -> None:
    """Another piece: part, weight, ticks, and a photo with a ring around the part."""
    page = stage.page("repairs")
    form = page.intake.form
    stage.fill(form.field("item_code"), "B-2201")
    stage.press(Key.Key_Return)
    stage.settle()
    stage.check(not page.intake.is_thai_silver(), "925 silver is taken in")
    stage.fill(form.field("part"), "扣頭鬆脫，換新彈簧扣")
    stage.fill(form.field("condition"), "鍊身有刮痕三處，缺一顆銀珠")
    stage.fill(form.field("weight_g"), "2.6")
    stage.fill(form.field("declared_value"), "735")
    stage.fill(form.field("fee_limit"), "300")
    stage.fill(form.field("promised_on"), "+5")
    for key in form.field("told").missing():
        form.field("told").chip(key).setFocus()
        stage.press(Key.Key_Space)
    stage.boxes.files.append(str(draw_photo(user_data_dir() / "piece.jpg")))
    stage.press(Key.Key_O, Mod.ControlModifier)
    stage.settle()
    stage.check(page.intake.photos.value(), "the photo")
    area = page.intake.photos
    stage.click(area, area.rect().center() - area.rect().center() / 4)
    stage.settle()
    stage.check(page.intake.save_button.ready, f"nothing missing ({page.intake.save_button.reason})")


def print_receipt(stage: Stage) -> None:
    """Ctrl+Enter: the number, the receipt and the slip in three copies."""
    page = stage.page("repairs")

    def look(box: QDialog) -> None:
        stage.shoot("papers")
        stage.press(Key.Key_Return)

    stage.with_box(lambda: stage.press(Key.Key_Return, Mod.ControlModifier), look)
    stage.settle()
    card = page.case_view.card
    stage.check(card is not None and card.row.customer == OWNER, "the repair taken in")
    stage.facts["repair"] = card.row.number


def finish_repair(stage: Stage) -> None:
    """Workshop, ready with its fee, customer phoned, picked up."""
    page = stage.page("repairs")
    panel = page.case_view.panel
    for action in ("to_workshop", "finish", "call_customer", "pick_up"):
        stage.check(panel.action == action, f"the step {action}, the window offers {panel.action}")
        stage.later(minutes=30)
        if action == "finish":
            stage.fill(panel.form.field("fee"), "250")
        elif action == "call_customer":
            panel.form.field("customer_told").setFocus()
            stage.press(Key.Key_Space)
        if action in ("finish", "call_customer"):
            stage.shoot(action.replace("_", "-"))
        stage.press(Key.Key_Return, Mod.ControlModifier)
        stage.settle()
    stage.check(page.case_view.card.row.state == "picked_up", "the piece back with its owner")


def draw_photo(path: Path) -> Path:
    """Draw a bracelet, as a camera would see it on the counter."""
    image = QImage(960, 720, QImage.Format.Format_RGB32)
    image.fill(QColor("#d9d4cc"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#a39d93"), 26))
    painter.drawEllipse(QPointF(488, 376), 250, 210)
    painter.setPen(QPen(QColor("#f3f4f6"), 18, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
    painter.drawEllipse(QPointF(480, 360), 250, 210)
    painter.setPen(QPen(QColor("#8b8f96"), 6))
    painter.setBrush(QColor("#eceef1"))
    painter.drawRoundedRect(330, 168, 70, 40, 12, 12)
    painter.end()
    image.save(str(path), "JPG", 88)  # type: ignore[call-overload]  # the stubs want bytes, Qt takes both
    return path
