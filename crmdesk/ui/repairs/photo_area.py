"""The photos of a piece: pasted, dragged or opened, with a numbered ring round the part to repair."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services.repairs import MOST_PHOTOS, Photo
from crmdesk.ui import dialogs, icons, theme
from crmdesk.ui.repairs import picture

THUMB, GAP = 52, 8
RING = 15  # radius in pixels
STEP, FINE = 20, 4  # thousandths the ring moves by an arrow key, and with Shift
WHITE = QColor(Qt.GlobalColor.white)  # round the ring, so that it is seen on every photo


class PhotoArea(QWidget):
    """Shows one photo large and the others as small ones below.

    ``value()`` is a tuple of Photo. Ctrl+V pastes, a click or the arrow keys set the ring, Delete takes a photo away,
    Page Up and Page Down turn to another one. With ``read_only`` it only shows.
    """

    value_changed = Signal()
    refused = Signal(str)  # a sentence: no picture, too large, too many
    opened = Signal()  # Enter or a click on the empty area: a file is wanted

    def __init__(self, *, read_only: bool = False, least: int = 220, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_only, self._least = read_only, least
        self._photos: list[Photo] = []
        self._images: list[QImage] = []
        self._at = 0
        self._over = False
        self.setAcceptDrops(not read_only)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    # values -----------------------------------------------------------------------------------------------------

    def value(self) -> tuple[Photo, ...]:
        """Return the photos with their rings."""
        return tuple(self._photos)

    def set_value(self, value: object) -> None:
        """Show these photos without reporting a change."""
        self._photos = list(value) if isinstance(value, list | tuple) else []
        self._images = [QImage.fromData(photo.data) for photo in self._photos]
        self._at = min(self._at, max(0, len(self._photos) - 1))
        self._describe()
        self.update()

    @property
    def current(self) -> Photo | None:
        """The photo shown large."""
        return self._photos[self._at] if self._photos else None

    def add(self, data: bytes) -> bool:
        """Append a JPEG and show it; False (and a sentence) when there is no room for another."""
        if len(self._photos) >= MOST_PHOTOS:
            self.refused.emit(_("A repair keeps at most {count} photos.").format(count=MOST_PHOTOS))
            return False
        self._photos.append(Photo(data))
        self._images.append(QImage.fromData(data))
        self._at = len(self._photos) - 1
        self._changed()
        return True

    def add_files(self) -> None:
        """Ask for a picture file and add it."""
        path = dialogs.open_file(self, _("Photo of the piece"), f"{_('Pictures')} ({picture.FILTER})")
        if path:
            try:
                self.add(picture.read_file(path))
            except CrmError as error:
                self.refused.emit(error.message)

    def paste(self) -> bool:
        """Add the picture on the clipboard; False when there is none."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None or not picture.has_picture(mime):
            return False
        try:
            for data in picture.from_mime(mime):
                self.add(data)
        except CrmError as error:
            self.refused.emit(error.message)
        return True

    def remove(self) -> None:
        """Take the photo shown away."""
        if self._photos:
            del self._photos[self._at], self._images[self._at]
            self._at = max(0, min(self._at, len(self._photos) - 1))
            self._changed()

    def set_ring(self, x: int, y: int) -> None:
        """Put the ring on a place of the photo shown, in thousandths of its width and height."""
        if self._photos:
            ring_x, ring_y = max(0, min(1000, x)), max(0, min(1000, y))
            self._photos[self._at] = replace(self._photos[self._at], ring_x=ring_x, ring_y=ring_y)
            self._changed()

    def turn(self, by: int) -> None:
        """Show another photo."""
        if self._photos:
            self._at = (self._at + by) % len(self._photos)
            self._describe()
            self.update()

    def _changed(self) -> None:
        self._describe()
        self.update()
        self.value_changed.emit()

    def _describe(self) -> None:
        self.setAccessibleName(_("Photos"))
        if self._photos:
            words = _("Photo {number} of {count}").format(number=self._at + 1, count=len(self._photos))
        else:
            words = _("No photo yet")
        self.setAccessibleDescription(words)

    # places -----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(320, self._least + 60)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._least)

    def _frame(self) -> QRectF:
        foot = THUMB + GAP if len(self._photos) > 1 else 0
        return QRectF(0, 0, self.width(), max(40, self.height() - foot)).adjusted(1, 1, -1, -1)

    def _shown(self) -> QRectF:
        """Return where the photo itself lies inside the frame."""
        frame, image = self._frame(), self._images[self._at] if self._images else QImage()
        if image.isNull():
            return frame
        scale = min(frame.width() / image.width(), frame.height() / image.height())
        width, height = image.width() * scale, image.height() * scale
        return QRectF(frame.center().x() - width / 2, frame.center().y() - height / 2, width, height)

    def _thumb(self, place: int) -> QRectF:
        return QRectF(1 + place * (THUMB + GAP), self.height() - THUMB - 1, THUMB, THUMB)

    # keys and mouse ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for place in range(len(self._photos) if len(self._photos) > 1 else 0):
            if self._thumb(place).contains(at):
                self.turn(place - self._at)
                return
        if self._read_only:
            return
        if not self._photos:
            self.opened.emit()
        elif self._shown().contains(at):
            self._ring_at(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drags = event.buttons() & Qt.MouseButton.LeftButton and self._photos and not self._read_only
        if drags and self._shown().contains(event.position()):
            self._ring_at(event.position())

    def _ring_at(self, at: QPointF) -> None:
        box = self._shown()
        self.set_ring(
            round((at.x() - box.left()) / box.width() * 1000), round((at.y() - box.top()) / box.height() * 1000)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif self._read_only:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            if not self.paste():
                self.refused.emit(_("There is no picture on the clipboard."))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._photos and not event.modifiers():
            self.opened.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        elif key in moves and self.current is not None:
            x, y = self.current.ring_x, self.current.ring_y
            far = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            if x is None or y is None:
                self.set_ring(500, 500)
            else:
                self.set_ring(x + moves[Qt.Key(key)][0] * far, y + moves[Qt.Key(key)][1] * far)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if picture.has_picture(event.mimeData()):
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        try:
            for data in picture.from_mime(event.mimeData()):
                self.add(data)
        except CrmError as error:
            self.refused.emit(error.message)
        event.acceptProposedAction()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self.update()
        super().changeEvent(event)

    # drawing ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = self._frame()
        wrong = bool(self.property("wrong"))
        edge = QPen(theme.colour("danger" if wrong else "accent" if self._over else "line_strong"), 1)
        if not self._photos:
            edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(theme.colour("accent_soft" if self._over else "sunken"))
        painter.drawRoundedRect(frame, 6, 6)
        if self._photos:
            painter.drawImage(self._shown(), self._images[self._at])
            self._paint_ring(painter)
            self._paint_thumbs(painter)
        else:
            self._paint_invitation(painter, frame)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(frame, 6, 6)

    def _paint_invitation(self, painter: QPainter, frame: QRectF) -> None:
        middle = frame.center()
        icons.paint(painter, "camera", QRectF(middle.x() - 14, middle.y() - 44, 28, 28), "muted")
        lines = (
            ((_("No photo yet"), "strong", "text"),)
            if self._read_only
            else (
                (_("Photo of the piece"), "strong", "text"),
                (_("Paste, drag it here, or press Enter"), "label", "muted"),
            )
        )
        for place, (text, role, token) in enumerate(lines):
            font = theme.font(role)
            painter.setFont(font)
            painter.setPen(theme.colour(token))
            room = frame.width() - 16
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            box = QRectF(frame.left() + 8, middle.y() - 8 + place * 22, room, 22)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_ring(self, painter: QPainter) -> None:
        photo = self._photos[self._at]
        if photo.ring_x is None or photo.ring_y is None:
            return
        box = self._shown()
        at = QPointF(box.left() + box.width() * photo.ring_x / 1000, box.top() + box.height() * photo.ring_y / 1000)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(WHITE, 5))
        painter.drawEllipse(at, RING, RING)
        painter.setPen(QPen(theme.colour("alarm"), 2.5))
        painter.drawEllipse(at, RING, RING)
        mark = QPointF(at.x() + RING * 0.72, at.y() - RING * 0.72)
        painter.setPen(QPen(WHITE, 1.5))
        painter.setBrush(theme.colour("alarm"))
        painter.drawEllipse(mark, 8, 8)
        painter.setFont(theme.font("label", bold=True))
        painter.setPen(WHITE)
        disc = QRectF(mark.x() - 8, mark.y() - 8, 16, 16)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._at + 1))

    def _paint_thumbs(self, painter: QPainter) -> None:
        if len(self._photos) < 2:
            return
        for place, image in enumerate(self._images):
            box = self._thumb(place)
            side = min(image.width(), image.height())
            part = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
            painter.drawImage(box, image, part)
            here = place == self._at
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent" if here else "line_strong"), 2 if here else 1))
            painter.drawRoundedRect(box, 4, 4)
