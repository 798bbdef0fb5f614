"""Pills (a state in one word) and clause tags (why the program asks)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme

PILL_HEIGHT = 20
KIND_TONES = {"wholesale": "accent", "franchise": "info", "enquirer": "warning", "retail": "neutral"}  # of customers


def pill_width(text: str, *, bold: bool = False) -> float:
    """Return the width of a pill with this word."""
    return max(PILL_HEIGHT, QFontMetricsF(theme.font("label", bold=bold)).horizontalAdvance(text) + 17)


def paint_pill(
    painter: QPainter, rect: QRectF, text: str, tone: str, *, bold: bool = False, selected: bool = False
) -> None:
    """Draw a pill; on a selected row its ground is the surface, else it would vanish."""
    letters, soft = theme.tone_colours(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface") if selected else soft)
    radius = rect.height() / 2
    painter.drawRoundedRect(rect, radius, radius)
    painter.setFont(theme.font("label", bold=bold))
    painter.setPen(letters)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class Pill(QLabel):
    """One word of state on a soft ground; ``tone``: neutral, ok, warning, danger, info, accent."""

    clicked = Signal()

    def __init__(
        self, text: str = "", tone: str = "neutral", *, bold: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._tone, self._bold = tone, bold
        self.setFixedHeight(PILL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def tone(self) -> str:
        """The tone shown now."""
        return self._tone

    def set(self, text: str, tone: str | None = None) -> None:
        """Show another word, and another tone if given; an empty word hides the pill."""
        self.setText(text)
        self._tone = self._tone if tone is None else tone
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(pill_width(self.text(), bold=self._bold)), PILL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_pill(QPainter(self), QRectF(self.rect()), self.text(), self._tone, bold=self._bold)

    def mouseReleaseEvent(self, event: object) -> None:
        self.clicked.emit()


class _Clauses(QObject):
    asked = Signal(str)


#: Every clause tag of the program says here that somebody wants to read its clause; the main window listens.
clauses = _Clauses()


class ClauseTag(QAbstractButton):
    """The id of a clause; a click asks for its text (signal ``asked``, and ``clauses.asked`` for the main window)."""

    asked = Signal(str)

    def __init__(self, clause: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clause = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(PILL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._ask)
        self.set_clause(clause)

    @property
    def clause(self) -> str:
        """The clause shown, as ``CALL-07``."""
        return self._clause

    def set_clause(self, clause: str) -> None:
        """Show another clause; '' hides the tag."""
        self._clause = clause
        self.setText(clause)
        self._name_it()
        if not clause or self.parentWidget() is not None:
            self.setVisible(bool(clause))
        self.updateGeometry()
        self.update()

    def _name_it(self) -> None:
        self.setAccessibleName(_("Clause {clause}").format(clause=self._clause))
        self.setToolTip(_("Read clause {clause}").format(clause=self._clause) if self._clause else "")

    def _ask(self) -> None:
        self.asked.emit(self._clause)
        clauses.asked.emit(self._clause)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(theme.font("label")).horizontalAdvance(self._clause)
        return QSize(round(width + 19), PILL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name_it()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lit = self.underMouse() or self.hasFocus()
        paint_clause(painter, QRectF(self.rect()), self._clause, lit=lit)


def paint_clause(painter: QPainter, rect: QRectF, clause: str, *, lit: bool = False) -> None:
    """Draw a clause tag: 1 px line, radius 4, 9 pt muted."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("focus" if lit else "line"), 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.font("label"))
    painter.setPen(theme.colour("accent" if lit else "muted"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, clause)
