"""The look: colours, type, fonts and the style sheet. Nothing else in the program names a colour.

``apply(app, dark=..., scale=...)`` may be called at any time; open windows follow at once. Widgets that paint
themselves ask ``colour("accent")`` while painting, so they never hold a colour of yesterday's theme.

The size of the screens (90–150 %) is Qt's own scale factor: ``prepare_scale(percent)`` goes before the
QApplication is made, so that every size in the program, fixed ones too, grows alike and stays crisp.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from string import Template
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core.i18n import language
from crmdesk.core.paths import resource


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme by their use, as ``#rrggbb``."""

    ground: str
    rail: str
    lane: str
    surface: str
    sunken: str
    hover: str
    menu: str
    line: str
    line_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    accent_line: str
    accent_mid: str
    danger: str
    warning: str
    ok: str
    info: str
    danger_soft: str
    warning_soft: str
    ok_soft: str
    info_soft: str
    neutral_soft: str
    focus: str
    alarm: str
    last_year: str


LIGHT = Tokens(
    ground="#F4F6F8", rail="#EBEEF1", lane="#EDF0F3",
    surface="#FFFFFF", sunken="#F8F9FB", hover="#F1F4F6", menu="#FFFFFF",
    line="#E3E7EC", line_strong="#B9C1CC",
    text="#1A2230", muted="#566172", faint="#667180",
    accent="#14686F", accent_hover="#0F575D", accent_text="#FFFFFF",
    accent_soft="#E1F0F1", accent_line="#B5D6D8", accent_mid="#86B3B7",
    danger="#B3261E", warning="#8A5200", ok="#1C7A45", info="#2456B0",
    danger_soft="#FCEBE9", warning_soft="#FDF2DC", ok_soft="#E3F4EA", info_soft="#E8EFFB", neutral_soft="#EDF0F3",
    focus="#2B8A95", alarm="#9F1D16", last_year="#CBD4DB",
)  # fmt: skip

DARK = Tokens(
    ground="#14181E", rail="#101419", lane="#171C23",
    surface="#1B212A", sunken="#181E26", hover="#232B36", menu="#222A35",
    line="#2B333E", line_strong="#465262",
    text="#E7EBF1", muted="#A3AEBD", faint="#8592A1",
    accent="#57BFC8", accent_hover="#6FCDD5", accent_text="#08272A",
    accent_soft="#1D3A3E", accent_line="#2F5A60", accent_mid="#2F6B72",
    danger="#FF8B82", warning="#FFC069", ok="#7DD9A4", info="#8EB5FF",
    danger_soft="#40211F", warning_soft="#3A2D18", ok_soft="#18352A", info_soft="#1F2D47", neutral_soft="#29323D",
    focus="#6FD3DC", alarm="#9F1D16", last_year="#3A4553",
)  # fmt: skip

ALARM_TEXT = "#FFFFFF"  # the wrong-scan screen is the same in both themes

#: Type sizes in points by their use; the second value says bold.
SIZES: dict[str, tuple[float, bool]] = {
    "body": (10, False),
    "strong": (10, True),
    "label": (9, False),
    "label_strong": (9, True),
    "keycap": (8.5, False),
    "row": (11, False),
    "card": (11, True),
    "head": (12.5, True),
    "page": (15, True),
    "timer": (18, True),
    "number": (20, False),
    "figure": (22, True),
    "say": (24, True),
    "station": (28, True),
    "alarm": (40, True),
    "cash": (56, True),
    "packing": (84, True),
}

#: Pairs of (text, ground) that stand on each other somewhere; a test holds each at 4.5 : 1.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(("text", g) for g in ("ground", "rail", "lane", "surface", "sunken", "hover", "menu", "accent_soft")),
    *(("muted", g) for g in ("ground", "rail", "lane", "surface", "sunken", "hover", "accent_soft", "neutral_soft")),
    *(("faint", g) for g in ("ground", "surface", "sunken")),
    *(("accent", g) for g in ("ground", "surface", "sunken", "accent_soft")),
    ("accent_text", "accent"), ("accent_text", "accent_hover"),
    *((tone, f"{tone}_soft") for tone in ("danger", "warning", "ok", "info")),
    *((tone, g) for tone in ("danger", "warning", "ok", "info") for g in ("surface", "ground")),
)  # fmt: skip

TONES = ("neutral", "ok", "warning", "danger", "info", "accent")

_SYSTEM_FACES = {
    "win32": {"zh_TW": ("Microsoft JhengHei UI",), "zh_CN": ("Microsoft YaHei UI",), "en": ("Segoe UI",)},
    "darwin": {"zh_TW": ("PingFang TC",), "zh_CN": ("PingFang SC",), "en": ("Helvetica Neue",)},
}
_OWN_FACES = {
    "zh_TW": ("Noto Sans TC", "Noto Sans SC"),
    "zh_CN": ("Noto Sans SC", "Noto Sans TC"),
    "en": ("CRMDesk Latin", "Noto Sans TC", "Noto Sans SC"),  # the Chinese faces draw “ ” … · as wide as a character
}
_FONT_FILES = (
    "CRMDeskLatin-Regular.ttf", "CRMDeskLatin-Bold.ttf",
    "NotoSansTC-Regular.ttf", "NotoSansTC-Bold.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf",
    "CRMDeskRare-Regular.ttf",
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """One look in force: light or dark, and the size of the screens in percent."""

    dark: bool = False
    scale: int = 100

    @property
    def tokens(self) -> Tokens:
        """The colours of this theme."""
        return DARK if self.dark else LIGHT

    def colour(self, token: str) -> QColor:
        """Return a token as a colour; AttributeError names a token that does not exist."""
        return QColor(getattr(self.tokens, token.replace("-", "_")))


class _Watch(QObject):
    """Tells painters that cache something that the theme has changed."""

    changed = Signal()


_state: dict[str, Any] = {"theme": Theme(), "fonts": (), "styled": None}
watch = _Watch()


def current() -> Theme:
    """Return the theme in force."""
    theme = _state["theme"]
    assert isinstance(theme, Theme)
    return theme


def colour(token: str) -> QColor:
    """Return a colour of the theme in force by its token, ``"accent"`` or ``"accent-soft"``."""
    return current().colour(token)


def tone_colours(tone: str) -> tuple[QColor, QColor]:
    """Return (text, soft ground) of a tone: neutral, ok, warning, danger, info or accent."""
    if tone == "neutral" or not tone:
        return colour("muted"), colour("neutral_soft")
    return colour(tone), colour(f"{tone}_soft")


def new_application(program: str) -> QApplication:
    """Return a QApplication drawn in Fusion, as the style sheet expects.

    As an argument, because ``setStyle`` and ``style`` return the style, and to say of which class it is PySide loads
    every style class: 6 ms of the first paint.
    """
    app = QApplication([program, "-style", "Fusion"])
    _state["styled"] = app
    return app


def prepare_scale(percent: int) -> None:
    """Set the size of the screens (90–150 %); only before the QApplication is made."""
    percent = min(150, max(90, percent))
    if percent != 100:
        os.environ["QT_SCALE_FACTOR"] = f"{percent / 100:.2f}"
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)


def system_is_dark() -> bool:
    """Return whether the desktop asks for a dark look."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def wants_dark(setting: str) -> bool:
    """Return whether the setting ``system``, ``light`` or ``dark`` means dark just now."""
    return system_is_dark() if setting == "system" else setting == "dark"


def load_fonts() -> tuple[str, ...]:
    """Register the vendored fonts once and return their families; a missing file is left out."""
    if not _state["fonts"]:
        families: list[str] = []
        for name in _FONT_FILES:
            path = resource("fonts", name)
            if path.is_file():
                families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
        _state["fonts"] = tuple(dict.fromkeys(families))
    found = _state["fonts"]
    assert isinstance(found, tuple)
    return found


def families(code: str) -> list[str]:
    """Return the font families for a language, best first: the system's Chinese face, else our own."""
    own = load_fonts()
    system = [f for f in _SYSTEM_FACES.get(sys.platform, {}).get(code, ()) if f in set(QFontDatabase.families())]
    wanted = [*system, *(f for f in _OWN_FACES[code] if f in own)]
    wanted += [f for f in own if f not in wanted]
    return wanted or [QGuiApplication.font().family()]


def font(role: str = "body", *, bold: bool | None = None) -> QFont:
    """Return the font of a use (a key of SIZES); its family stays open, so that it follows the language."""
    size, heavy = SIZES[role]
    result = QFont()
    result.setPointSizeF(size)
    result.setBold(heavy if bold is None else bold)
    return result


def text_width(text: str, role: str = "body", *, bold: bool | None = None) -> float:
    """Return how wide a text is drawn, in pixels of the screen's own scale."""
    return QFontMetricsF(font(role, bold=bold)).horizontalAdvance(text)


def style_sheet(theme: Theme) -> str:
    """Return style.qss filled with the theme's colours; KeyError if it names a colour that does not exist."""
    from crmdesk.ui.icons import tinted_file

    values: dict[str, str] = {field.name: getattr(theme.tokens, field.name) for field in fields(Tokens)}
    for key, (name, token) in {
        "icon_down": ("chevron-down", "muted"),
        "icon_down_faint": ("chevron-down", "faint"),
        "icon_right": ("chevron-right", "muted"),
        "icon_check": ("check", "accent_text"),
        "icon_check_menu": ("check", "accent"),
    }.items():
        values[key] = tinted_file(name, getattr(theme.tokens, token))
    return Template(resource("style.qss").read_text(encoding="utf-8")).substitute(values)


def palette(theme: Theme) -> QPalette:
    """Return the palette, placeholder text and the disabled group included."""
    role = QPalette.ColorRole
    result = QPalette()
    pairs = {
        role.Window: "ground", role.WindowText: "text", role.Base: "surface", role.AlternateBase: "sunken",
        role.Text: "text", role.PlaceholderText: "faint", role.Button: "surface", role.ButtonText: "text",
        role.BrightText: "accent_text", role.Highlight: "accent_line", role.HighlightedText: "text",
        role.Link: "accent", role.LinkVisited: "accent", role.ToolTipBase: "menu", role.ToolTipText: "text",
        role.Light: "surface", role.Midlight: "line", role.Mid: "line_strong", role.Dark: "line_strong",
        role.Shadow: "line_strong", role.Accent: "accent",
    }  # fmt: skip
    for where, token in pairs.items():
        result.setColor(where, theme.colour(token))
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, theme.colour("faint"))
    return result


def apply(app: QApplication, dark: bool | None = None, scale: int | None = None) -> Theme:
    """Dress the program: fonts of the language, palette, style sheet; None keeps what is in force."""
    old = current()
    theme = Theme(old.dark if dark is None else dark, old.scale if scale is None else scale)
    _state["theme"] = theme
    if _state["styled"] is not app:  # an application made elsewhere
        app.setStyle("Fusion")
        _state["styled"] = app
    apply_fonts(app)
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    watch.changed.emit()
    return theme


def apply_fonts(app: QApplication) -> None:
    """Set the font of the language in force; called again when the language is switched."""
    base = QFont(families(language()))
    base.setPointSizeF(SIZES["body"][0])
    if app.font().families() != base.families() or app.font().pointSizeF() != base.pointSizeF():
        app.setFont(base)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again after one was changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two colours (1 to 21) as the accessibility guidelines count it."""

    def luminance(value: QColor) -> float:
        channels = (value.redF(), value.greenF(), value.blueF())
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
