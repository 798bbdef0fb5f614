"""The rail at the left: brand, company, the desks one may use with their counts, settings at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.labels import ElideLabel, Label

WIDE, NARROW = 169, 57  # the picture's 168 and 56, and the line


class _Item(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def icon(self) -> str: ...

    @property
    def foot(self) -> bool: ...


class RailItem(QAbstractButton):
    """One desk: icon, word, count; the open one on a surface pill with an accent mark."""

    def __init__(self, key: str, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._title, self._icon = key, title, icon
        self._count, self._overdue, self._narrow = 0, False, False
        self.setCheckable(True)
        self.setFixedHeight(34)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the word in the language in force."""
        word = _(self._title)
        self.setText(word)
        number = _("{title}, {count} open").format(title=word, count=self._count) if self._count else word
        self.setAccessibleName(number)
        self.setToolTip(word if self._narrow else "")
        self.update()

    def set_count(self, count: int, *, overdue: bool = False) -> None:
        """Show how many wait here; in danger colours when one is overdue."""
        self._count, self._overdue = count, overdue
        self.retranslate()

    @property
    def count(self) -> int:
        """How many wait here."""
        return self._count

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon only."""
        self._narrow = narrow
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(NARROW - 16 if self._narrow else WIDE - 17, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on:
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 9, 3, 16), 1.5, 1.5)
        elif self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        x = (self.width() - 18) / 2 if self._narrow else 12
        icons.paint(painter, self._icon, QRectF(x, 8, 18, 18), "accent" if on else "muted", strong=on)
        if self._narrow:
            self._paint_mark(painter)
            return
        painter.setFont(theme.font("body", bold=on))
        painter.setPen(theme.colour("text" if on else "muted"))
        font_box = QRectF(40, 0, self.width() - 40 - (34 if self._count else 6), self.height())
        word = QFontMetricsF(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, font_box.width())
        painter.drawText(font_box, Qt.AlignmentFlag.AlignVCenter, word)
        self._paint_count(painter)

    def _paint_mark(self, painter: QPainter) -> None:
        if self._count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("danger" if self._overdue else "muted"))
            painter.drawEllipse(QRectF(self.width() - 12, 6, 6, 6))

    def _paint_count(self, painter: QPainter) -> None:
        if not self._count:
            return
        words = str(self._count) if self._count < 1000 else "999+"
        width = max(20.0, QFontMetricsF(theme.font("label", bold=True)).horizontalAdvance(words) + 10)
        box = QRectF(self.width() - 10 - width, 7, width, 20)
        if self._overdue:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("danger_soft"))
            painter.drawRoundedRect(box, 10, 10)
        painter.setFont(theme.font("label", bold=self._overdue))
        painter.setPen(theme.colour("danger" if self._overdue else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class BrandMark(QWidget):
    """The sign of the program: a book with a tick on the accent."""

    def __init__(self, size: int = 28, *, inverse: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inverse = inverse
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_text" if self._inverse else "accent"))
        side = self.width()
        painter.drawRoundedRect(QRectF(self.rect()), side * 0.22, side * 0.22)
        inner = round(side * 0.62)
        box = QRectF((side - inner) / 2, (side - inner) / 2, inner, inner)
        icons.paint(painter, "book-open-check", box, "accent" if self._inverse else "accent_text", strong=True)


class Rail(QWidget):
    """The whole rail; ``chosen(key)`` asks for a page."""

    chosen = Signal(str)

    def __init__(self, items: Sequence[_Item], company: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._items: dict[str, RailItem] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._narrow = False
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 14, 9, 7)
        column.setSpacing(2)
        column.addWidget(self._brand(company))
        column.addSpacing(12)
        for item in items:
            if not item.foot:
                column.addWidget(self._add(item))
        column.addStretch(1)
        for item in items:
            if item.foot:
                column.addWidget(self._add(item))
        self.setFixedWidth(WIDE)

    def _brand(self, company: str) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(10)
        self._brand_words = QWidget()
        words = QVBoxLayout(self._brand_words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        name = Label("CRM Desk", "card")
        self._company = ElideLabel(company, "label", "muted")
        words.addWidget(name)
        words.addWidget(self._company)
        row.addWidget(BrandMark(28), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._brand_words, 1)
        head.setFixedHeight(44)
        return head

    def _add(self, item: _Item) -> RailItem:
        button = RailItem(item.key, item.title, item.icon)
        button.clicked.connect(self._clicked)
        self._group.addButton(button)
        self._items[item.key] = button
        return button

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailItem):
            self.chosen.emit(button.key)

    def set_company(self, name: str) -> None:
        """Write the company's name under the brand."""
        self._company.setText(name)

    def mark(self, key: str) -> None:
        """Mark the open desk; an unknown key marks none."""
        self._group.setExclusive(False)
        for name, item in self._items.items():
            item.setChecked(name == key)
        self._group.setExclusive(True)

    def set_count(self, key: str, count: int, *, overdue: bool = False) -> None:
        """Show how many wait at a desk; desks not shown are overlooked."""
        if key in self._items:
            self._items[key].set_count(count, overdue=overdue)

    def count_of(self, key: str) -> int:
        """Return how many are shown to wait at a desk; nought for a page that has no place here."""
        return self._items[key].count if key in self._items else 0

    def keys(self) -> list[str]:
        """Return the keys of the desks shown."""
        return list(self._items)

    @property
    def narrow(self) -> bool:
        """Whether only icons are shown."""
        return self._narrow

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only (a screen with little width) or words too."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._brand_words.setVisible(not narrow)
        for item in self._items.values():
            item.set_narrow(narrow)
        self.setFixedWidth(NARROW if narrow else WIDE)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for item in self._items.values():
                item.retranslate()
        super().changeEvent(event)
