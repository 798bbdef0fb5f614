"""Chips: a row of things to tick off, like what has been read back to a caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.rules.pack_tables import Texts, in_language
from crmdesk.ui import icons, theme


class Chip(QAbstractButton):
    """One thing to tick: a circle turns into a tick, edge and word into the ok colour.

    ``text`` is a source text (N_), or the words of a regulation pack by language.
    """

    def __init__(self, text: str | Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = text
        self._speak()
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _speak(self) -> None:
        words = _(self._source) if isinstance(self._source, str) else in_language(self._source)
        self.setText(words)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(theme.font("strong")).horizontalAdvance(self.text())) + 47, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        able = self.isEnabled()
        edge = theme.colour("ok" if on else "line_strong" if able else "line")
        letter_token = "ok" if on else "muted" if able else "faint"
        letters = theme.colour(letter_token)
        if self.underMouse() and not on:
            edge = theme.colour("muted")
        painter.setPen(QPen(edge, 1))
        painter.setBrush(theme.colour("ok_soft" if on else "surface") if able else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 14.5, 14.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 14, 14)
        icons.paint(painter, "check" if on else "circle" if able else "minus", QRectF(12, 8, 14, 14), letter_token)
        painter.setFont(theme.font("body", bold=on))
        painter.setPen(letters)
        painter.drawText(QRectF(32, 0, self.width() - 32, 30), Qt.AlignmentFlag.AlignVCenter, self.text())


class ChipRow(QWidget):
    """``ChipRow([("phone", N_("Phone")), …])``: value is the set of ticked keys; Space ticks, arrows walk, 1–9 tick."""

    value_changed = Signal()

    def __init__(self, chips: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for key, text in chips:
            chip = Chip(text, self)
            chip.clicked.connect(self._clicked)
            self._chips[key] = chip
            row.addWidget(chip)
        row.addStretch(1)

    def value(self) -> frozenset[str]:
        """Return the ticked keys."""
        return frozenset(key for key, chip in self._chips.items() if chip.isChecked())

    def set_value(self, value: object) -> None:
        """Tick these keys and no others, without reporting a change."""
        keys = value if isinstance(value, Collection) else ()
        for key, chip in self._chips.items():
            chip.setChecked(key in keys)

    def missing(self) -> list[str]:
        """Return the keys not ticked yet, in order."""
        return [key for key, chip in self._chips.items() if not chip.isChecked()]

    def chips(self) -> list[tuple[str, Chip]]:
        """Return the chips with their keys, in order."""
        return list(self._chips.items())

    def chip(self, key: str) -> Chip:
        """Return one chip, to give it the focus or a tip."""
        return self._chips[key]

    def focus_missing(self) -> None:
        """Put the focus on the first chip not ticked that can be."""
        for key in [key for key in self.missing() if self._chips[key].isEnabled()][:1]:
            self._chips[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _clicked(self) -> None:
        self.value_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chips = list(self._chips.values())
        place = next((i for i, chip in enumerate(chips) if chip.hasFocus()), 0)
        after = [chip for chip in chips[place + 1 :] if chip.isEnabled()]
        before = [chip for chip in chips[:place] if chip.isEnabled()]
        if event.key() == Qt.Key.Key_Right and after:
            after[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Left and before:
            before[-1].setFocus(Qt.FocusReason.BacktabFocusReason)
        elif event.text().isdigit() and 0 < int(event.text()) <= len(chips):
            chips[int(event.text()) - 1].click()
        else:
            super().keyPressEvent(event)
