"""The look: text can be read on every ground, every colour of the style sheet exists, icons are there and crisp."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

import crmdesk
from crmdesk.core.paths import resource
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets import Label
from tests.ui.conftest import settle


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "ground"), theme.TEXT_PAIRS)
def test_text_can_be_read(front: str, ground: str, dark: bool) -> None:
    look = theme.Theme(dark)
    assert theme.contrast(look.colour(front), look.colour(ground)) >= 4.5


def test_contrast_of_the_guidelines() -> None:
    look = theme.Theme()
    assert theme.contrast(look.colour("surface"), look.colour("surface")) == 1
    assert theme.contrast(theme.QColor("#000000"), theme.QColor("#FFFFFF")) == pytest.approx(21)
    assert theme.contrast(look.colour("faint"), look.colour("accent_soft")) < 4.5  # why rows never use it when chosen


@pytest.mark.parametrize("dark", [False, True])
def test_style_sheet_is_filled_and_names_no_colour_itself(dark: bool) -> None:
    source = resource("style.qss").read_text(encoding="utf-8")
    without_names = re.sub(r"#(ground|rail|statusline|scrolled)", "", source)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b", without_names)
    assert not re.search(r"\bfont(-weight|-size|-family)?\s*:", source)
    assert "box-shadow" not in source
    assert "transition" not in source
    filled = theme.style_sheet(theme.Theme(dark))
    assert "$" not in filled


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_placeholder_and_disabled_have_a_colour_that_is_held(qtbot: QtBot, look: Any, kind: type[QWidget]) -> None:
    palette = theme.palette(theme.Theme())
    field = kind()
    qtbot.addWidget(field)
    field.ensurePolished()  # without a line of its own the style sheet would make it half as strong as the text
    for painted in (palette, field.palette()):
        assert painted.color(QPalette.ColorRole.PlaceholderText) == theme.Theme().colour("faint")
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == theme.Theme().colour("faint")


def test_a_switch_of_theme_reaches_open_windows(qtbot: Any, look: Any, qapp: QApplication) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    label.show()
    before = label.palette().color(QPalette.ColorRole.WindowText)
    look(dark=True)
    assert label.palette().color(QPalette.ColorRole.WindowText) != before


def test_fonts_of_our_own_are_used_and_ordered_by_language() -> None:
    assert theme.families("zh_TW").index("Noto Sans TC") < theme.families("zh_TW").index("Noto Sans SC")
    assert theme.families("zh_CN").index("Noto Sans SC") < theme.families("zh_CN").index("Noto Sans TC")
    assert theme.families("en")[-1] == "CRMDesk Rare"


def test_english_quotes_and_dots_are_not_as_wide_as_a_character(
    qtbot: QtBot, qapp: QApplication, look: Callable[..., None]
) -> None:
    label = Label("“a” · b…")
    qtbot.addWidget(label)
    label.show()
    narrow = label.sizeHint().width()
    look(language="zh_TW")
    settle(qapp)
    assert label.sizeHint().width() > narrow + theme.text_width("国"), "in Chinese they are"
    look(language="en")
    settle(qapp)
    assert label.sizeHint().width() == narrow


def test_icons_take_the_colour_and_the_ratio() -> None:
    picture = icons.pixmap("phone", "accent", 18, 1.5)
    assert (picture.width(), picture.devicePixelRatio()) == (27, 1.5)
    assert icons.icon("phone").pixmap(QSize(16, 16), 2.0).width() == 32, "a menu's icon is sharp at 200 % too"
    image = picture.toImage()
    strongest = max((image.pixelColor(x, y) for x in range(27) for y in range(27)), key=lambda c: c.alpha())
    accent = theme.colour("accent")
    assert abs(strongest.red() - accent.red()) < 8
    assert abs(strongest.green() - accent.green()) < 8


def test_every_icon_ships_with_its_licence_and_draws() -> None:
    assert "ISC" in resource("icons", "LICENSE").read_text(encoding="utf-8")
    for path in resource("icons").glob("*.svg"):
        image = icons.pixmap(path.stem, "text", 16).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16)), path.name


def _named_icons(tree: ast.AST) -> Iterator[str]:
    """Yield the icons named in a module: ``icon="…"`` and the names given to ``icons.icon``, ``paint``, ``pixmap``."""
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        given = [k.value for k in node.keywords if k.arg == "icon"]
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "icons":
            given += node.args[:1] if called.attr in {"icon", "pixmap", "svg"} else node.args[1:2]
        elif isinstance(called, ast.Name) and called.id == "PageSpec":
            given += node.args[2:3]
        yield from (v.value for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str) and v.value)


def test_every_icon_that_the_program_names_is_shipped() -> None:
    package = Path(crmdesk.__file__).parent
    named = {
        (icon, path.relative_to(package).as_posix())
        for path in package.rglob("*.py")
        for icon in _named_icons(ast.parse(path.read_text("utf-8")))
    }
    assert len(named) > 50
    assert [(icon, file) for icon, file in sorted(named) if not resource("icons", f"{icon}.svg").exists()] == []


def test_an_unknown_icon_or_colour_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")
    with pytest.raises(AttributeError):
        theme.colour("no-such-colour")


def test_an_icon_is_drawn_with_every_pixel_of_a_fine_screen(qapp: QApplication) -> None:
    fine = QPixmap(36, 36)
    fine.setDevicePixelRatio(2)
    fine.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fine)
    icons.paint(painter, "phone", QRectF(0, 0, 18, 18), "text")
    painter.end()
    assert fine.toImage() == icons.pixmap("phone", "text", 18, 2.0).toImage()
