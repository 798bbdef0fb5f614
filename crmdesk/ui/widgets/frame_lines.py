"""The top line (title, search, what is due, who is here) and the status line (where data goes, which keys)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.i18n import N_, _, language, ngettext
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.card import clear
from crmdesk.ui.widgets.labels import Dot, ElideLabel, KeyHint, Label, cap_width
from crmdesk.ui.widgets.pill import Pill
from crmdesk.ui.widgets.search_box import SearchBox


class UserButton(QAbstractButton):
    """Who is here: first character on a disc, name, an arrow down to the menu."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(36)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show another person."""
        self.setText(name)
        self.setAccessibleName(_("{name}: user menu").format(name=name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = min(140.0, QFontMetricsF(theme.font("body")).horizontalAdvance(self.text()))
        return QSize(round(width) + 28 + 8 + 8 + 14 + 4, 36)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawEllipse(QRectF(0, 4, 28, 28))
        painter.setFont(theme.font("label", bold=True))
        painter.setPen(theme.colour("accent"))
        painter.drawText(QRectF(0, 4, 28, 28), Qt.AlignmentFlag.AlignCenter, self.text().strip()[:1].upper())
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        room = self.width() - 36 - 22
        name = QFontMetricsF(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(QRectF(36, 0, room + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        icons.paint(painter, "chevron-down", QRectF(self.width() - 18, 11, 14, 14), "muted")


class TopLine(QWidget):
    """Title and search on the ground, 52 px high."""

    overdue_clicked = Signal()
    today_clicked = Signal()

    def __init__(self, user_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(52)
        self.title = Label("", "page")
        self.subtitle = ElideLabel("", "body", "muted")
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.search = SearchBox(placeholder=N_("Name, last digits, number…"), key="Ctrl+K")
        self.search.setAccessibleName(_("Search the office"))
        self.search.setProperty("calm", "true")
        self.search.setMaximumWidth(320)
        self.search.setMinimumWidth(180)
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.overdue = Pill("", "danger", bold=True)
        self.today = Pill("", "neutral")
        self.user = UserButton(user_name)
        self._due = (0, 0)
        self.overdue.clicked.connect(self.overdue_clicked)
        self.today.clicked.connect(self.today_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.subtitle, 1)
        row.addWidget(self.search, 1)
        row.addSpacing(8)
        row.addWidget(self.overdue)
        row.addWidget(self.today)
        row.addSpacing(8)
        row.addWidget(self.user)
        self.set_due(0, 0)

    def set_due(self, overdue: int, today: int) -> None:
        """Show what is overdue and due today; nought hides the pill."""
        self._due = (overdue, today)
        late = ngettext("{count} overdue", "{count} overdue", overdue).format(count=overdue)
        due = ngettext("{count} today", "{count} today", today).format(count=today)
        self.overdue.set(late if overdue else "")
        self.today.set(due if today else "")

    def retranslate(self) -> None:
        """Write the pills in the language in force."""
        self.set_due(*self._due)
        self.search.setAccessibleName(_("Search the office"))


class StatusLine(QFrame):
    """28 px at the foot: is the data reached and where, which station, when it was saved; at the right the keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(29)
        self.dot = Dot("ok")
        self.place = Label("", "label", "muted")
        self.station = Label("", "label", "muted")
        self.saved = Label("", "label", "muted")
        self._hints = QWidget()
        self._hint_row = QHBoxLayout(self._hints)
        self._hint_row.setContentsMargins(0, 0, 0, 0)
        self._hint_row.setSpacing(12)
        self._shown: list[tuple[str, str]] = []
        self._asked: tuple[object, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 26, 0)
        row.setSpacing(6)
        row.addWidget(self.dot)
        row.addWidget(self.place)
        row.addSpacing(12)
        row.addWidget(self.station)
        row.addSpacing(12)
        row.addWidget(self.saved)
        row.addStretch(1)
        row.addWidget(self._hints)

    def hints(self) -> list[tuple[str, str]]:
        """Return the keys shown."""
        return self._shown

    def set_hints(self, hints: Sequence[tuple[str, str]], room: int) -> None:
        """Show as many keys with their words as fit into ``room`` pixels, the first ones first, F1 always."""
        asked = (tuple(hints), room, language())
        if asked == self._asked:
            return
        self._asked = asked
        clear(self._hint_row)
        self._shown = []
        used = 0
        wanted = list(hints)
        must = wanted[-1:] if wanted and wanted[-1][0] == "F1" else []
        for pair in wanted:
            width = round(cap_width(pair[0]) + theme.text_width(pair[1], "label")) + 18
            reserve = 0 if pair in must else 90
            if used + width + reserve > room and pair not in must:
                continue
            used += width
            self._shown.append(pair)
            self._hint_row.addWidget(KeyHint(*pair))
