"""The house button: word, icon and the key that presses it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen, QShortcutEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.labels import CAP_HEIGHT, cap_width, key_sequence, paint_cap

HEIGHTS = {"normal": 32, "row": 28, "side": 44, "station": 52}


class _Caps(QObject):
    changed = Signal()
    reason_changed = Signal(QWidget)  # a button that can act now, or misses something else than before


#: Every button with a key says here that its key means something else now; the page in front listens for its hints.
caps = _Caps()


class Button(QPushButton):
    """A button that shows its key.

    ``kind``: primary (one per page), plain, link (word in accent), quiet (muted word), danger. ``key`` is drawn as a
    cap and works as a shortcut while the button is visible; plain ``Enter`` and ``Esc`` are only drawn, the page
    handles them. A primary that can't act yet is drawn off with ``set_ready(False, reason)``; it still emits
    ``clicked``, so that its key can jump to what is missing.
    """

    reason_changed = Signal(str)

    def __init__(
        self, text: str = "", *, key: str = "", kind: str = "plain", icon: str = "", size: str = "normal",
        bind: bool = True, checkable: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._kind, self._icon, self._key, self._size = kind, icon, key, size
        self._bind = bind and key not in ("", "Enter", "Return", "Esc", "↵")
        self._ready = True
        self._reason = ""
        self._spread = False
        #: what the status line says of the key when the button shows something else than what it does; '' = its text
        self.key_word = ""
        self.setAutoDefault(False)
        self.setCheckable(checkable)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(text)

    # what it says -----------------------------------------------------------------------------------------------

    def setText(self, text: str) -> None:
        super().setText(text.replace("&", "&&"))  # a name may hold an ampersand; keys come from the cap
        super().setShortcut(key_sequence(self._key) if self._bind else QKeySequence())
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()
        self._key_changed()

    def _key_changed(self) -> None:
        if self._key:
            caps.changed.emit()

    def text(self) -> str:
        return super().text().replace("&&", "&")

    @property
    def key(self) -> str:
        """The key on the cap, '' for none."""
        return self._key

    def set_key(self, key: str) -> None:
        """Use another key."""
        self._key = key
        self.setText(self.text())

    def set_icon(self, name: str) -> None:
        """Show another icon, '' for none."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: str) -> None:
        """Change between primary, plain, link, quiet and danger."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_spread(self, spread: bool = True) -> None:
        """Put the word left and the cap right instead of both in the middle."""
        self._spread = spread
        self.update()

    # whether it can act -----------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """False while the button is drawn off."""
        return self._ready

    @property
    def reason(self) -> str:
        """Why it can't act yet, to be shown beside it."""
        return self._reason

    def set_ready(self, ready: bool, reason: str = "") -> None:
        """Draw the button on or off; off it stays enabled, and ``reason`` says what is missing."""
        reason = "" if ready else reason
        if (ready, reason) == (self._ready, self._reason):
            return
        self._ready, self._reason = ready, reason
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)
        self.reason_changed.emit(reason)
        caps.reason_changed.emit(self)
        self.update()

    # drawing ----------------------------------------------------------------------------------------------------

    def _font_role(self) -> tuple[str, bool]:
        bold = self._kind in ("primary", "danger") or self.isChecked()
        return ("card" if self._size in ("side", "station") else "body"), bold

    def _words_width(self) -> float:
        role, bold = self._font_role()
        width = QFontMetricsF(theme.font(role, bold=bold or self.isCheckable())).horizontalAdvance(self.text())
        icon = (16 + (8 if self.text() else 0)) if self._icon else 0
        cap = cap_width(self._key) + 8 if self._key else 0
        return width + icon + cap

    def sizeHint(self) -> QSize:
        flat = self._kind in ("link", "quiet")
        side = 4 if flat else (7 if self._icon and not self.text() and not self._key else 12)
        height = HEIGHTS[self._size]
        return QSize(max(round(self._words_width() + 2 * side + 1), 0 if flat else 32), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.EnabledChange,
                            QEvent.Type.Show, QEvent.Type.Hide):  # fmt: skip
            self._key_changed()
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous() and self.isEnabled():
            self.click()  # Qt's own answer to a shortcut waits 100 ms to show the button pressed
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Return (ground, edge, letters)."""
        hover = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            flat = self._kind in ("link", "quiet")
            return (None, None, theme.colour("faint")) if flat else (
                theme.colour("sunken"), theme.colour("line"), theme.colour("faint"))  # fmt: skip
        if self._kind in ("primary", "danger") and not self._ready:
            return theme.colour("sunken"), theme.colour("line"), theme.colour("muted")
        if self._kind == "primary":
            ground = theme.colour("accent_hover" if hover or self.isDown() else "accent")
            return ground, None, theme.colour("accent_text")
        if self._kind == "danger":
            soft = theme.colour("danger_soft")
            return (soft if hover else theme.colour("surface")), theme.colour("danger"), theme.colour("danger")
        if self._kind in ("link", "quiet"):
            ground_token = theme.colour("hover") if hover or self.isDown() else None
            return ground_token, None, theme.colour("accent" if self._kind == "link" else "muted")
        if self.isChecked():
            return theme.colour("accent_soft"), theme.colour("accent"), theme.colour("accent")
        ground = theme.colour("hover" if hover or self.isDown() else "surface")
        return ground, theme.colour("line_strong"), theme.colour("text")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, letters = self._colours()
        box = QRectF(self.rect())
        if ground is not None or edge is not None:
            painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
            inset = 0.5 if edge is not None else 0.0
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 6, 6)
        self._paint_focus(painter, box)
        role, bold = self._font_role()
        font = theme.font(role, bold=bold)
        metrics = QFontMetricsF(font)
        x = 12.0 if self._spread else max(4.0, (self.width() - self._words_width()) / 2)
        if self._icon:
            icons.paint(painter, self._icon, QRectF(x, (self.height() - 16) / 2, 16, 16), letters, strong=bold)
            x += 24
        painter.setFont(font)
        painter.setPen(letters)
        cap = cap_width(self._key) if self._key else 0.0
        room = max(0.0, self.width() - x - (cap + 12 if cap else 4))
        words = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        advance = metrics.horizontalAdvance(words)
        painter.drawText(QRectF(x, 0, advance + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        if cap:
            cap_x = self.width() - 12 - cap if self._spread else x + advance + (8 if words else 0)
            self._paint_cap(painter, QRectF(round(cap_x), (self.height() - CAP_HEIGHT) / 2, cap, CAP_HEIGHT), letters)

    def _paint_cap(self, painter: QPainter, rect: QRectF, letters: QColor) -> None:
        if self._kind == "primary" and self._ready and self.isEnabled():
            edge = QColor(letters)
            edge.setAlphaF(0.45)
            paint_cap(painter, rect, self._key, letters, edge, None)
        else:
            muted = theme.colour("muted" if self.isEnabled() else "faint")
            paint_cap(painter, rect, self._key, muted, theme.colour("line_strong"), theme.colour("surface"))

    def _paint_focus(self, painter: QPainter, box: QRectF) -> None:
        if not self.hasFocus():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._kind == "primary" and self._ready:  # the ring would be invisible on the accent: a line inside
            painter.setPen(QPen(theme.colour("accent_text"), 1.5))
            painter.drawRoundedRect(box.adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)
        else:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
