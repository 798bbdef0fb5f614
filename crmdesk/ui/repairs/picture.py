"""Pictures from a camera, a file or the clipboard, made small enough to keep: JPEG, at most 1600 px."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.services.repairs import PHOTO_BYTES

LONGEST = 1600  # pixels; enough to recognise a stone on a bracelet (REP-05)
LARGEST_FILE = 40_000_000  # bytes of the file as it comes from the camera
MOST_PIXELS = 120_000_000
QUALITIES = (86, 70, 50)
FILTER = "*.jpg *.jpeg *.png *.bmp *.webp *.gif"


def _not_a_picture() -> UserError:
    return UserError(_("This file is not a picture. Please choose another one."), clause="REP-05")


def to_jpeg(image: QImage) -> bytes:
    """Return a picture as JPEG, scaled so that its longer side is at most LONGEST; UserError when it is none."""
    if image.isNull():
        raise _not_a_picture()
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    if image.hasAlphaChannel():
        flat = QImage(image.size(), QImage.Format.Format_RGB32)
        flat.fill(Qt.GlobalColor.white)
        painter = QPainter(flat)
        painter.drawImage(0, 0, image)
        painter.end()
        image = flat
    for quality in QUALITIES:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "JPEG", quality)  # type: ignore[call-overload]  # the stubs ask for bytes
        buffer.close()
        if 0 < data.size() <= PHOTO_BYTES:
            return bytes(data.data())
    raise UserError(_("This photo is too large. Please take a smaller one."), clause="REP-05")


def read_file(path: str) -> bytes:
    """Return a picture file as JPEG, turned upright; UserError when it can't be read or is too large."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UserError(_("This photo is too large. Please take a smaller one."), clause="REP-05")
    except OSError:
        raise UserError(_("This file can't be read.")) from None
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)  # phones name a WebP .jpg
    reader.setAutoTransform(True)
    if not reader.canRead():
        raise _not_a_picture()
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        raise UserError(_("This photo is too large. Please take a smaller one."), clause="REP-05")
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        reader.setScaledSize(size.scaled(QSize(LONGEST, LONGEST), Qt.AspectRatioMode.KeepAspectRatio))
    return to_jpeg(reader.read())


def has_picture(mime: QMimeData) -> bool:
    """Whether something pasted or dragged may hold a picture."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def from_mime(mime: QMimeData) -> list[bytes]:
    """Return the pictures that were pasted or dragged in; files count before the picture itself."""
    files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if files:
        return [read_file(path) for path in files]
    if mime.hasImage():
        image = mime.imageData()
        return [to_jpeg(image if isinstance(image, QImage) else QImage(image))]
    return []
