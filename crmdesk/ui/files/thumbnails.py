"""Small pictures of files that are pictures."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from crmdesk.services.attachments import THUMBNAIL_BYTES

SIDE = 160
MOST_PIXELS = 120_000_000


def thumbnail_of(data: bytes) -> bytes | None:
    """Return a small JPEG of a picture, None when it is none, can't be read or is absurdly large."""
    held = QByteArray(data)
    source = QBuffer(held)
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if not reader.canRead() or (size.isValid() and size.width() * size.height() > MOST_PIXELS):
        return None
    if size.isValid() and max(size.width(), size.height()) > SIDE:
        reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    source.close()
    return None if image.isNull() else _as_jpeg(image)


def _as_jpeg(image: QImage) -> bytes | None:
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)  # a drawing without ground would be black in a JPEG
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    small = as_bytes(flat, "JPEG", 80)
    return small if len(small) <= THUMBNAIL_BYTES else None


def as_bytes(image: QImage, kind: str, quality: int = -1) -> bytes:
    """Return a picture written as PNG or JPEG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, quality)  # type: ignore[call-overload]  # the stubs ask for bytes
    buffer.close()
    return bytes(data.data())
