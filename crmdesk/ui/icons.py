"""Icons: Lucide drawings (resources/icons, ISC licence) tinted with a colour of the theme, crisp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from crmdesk.core.paths import resource
from crmdesk.ui import theme


@lru_cache(maxsize=512)
def svg(name: str, colour: str, stroke: float = 1.75) -> bytes:
    """Return a drawing with its line in a colour (``#rrggbb``); FileNotFoundError if we don't ship it."""
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke:g}"')
    return text.encode()


def _stroke(size: int, strong: bool) -> float:
    """Thin lines look grey when small, so small and active icons are drawn with the full stroke."""
    return 2.0 if strong or size < 16 else 1.75


@lru_cache(maxsize=1024)
def _pixmap(name: str, colour: str, size: int, ratio: float, stroke: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer = QSvgRenderer(QByteArray(svg(name, colour, stroke)))
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(
    name: str, colour_token: str = "muted", size: int = 18, ratio: float = 1.0, *, strong: bool = False
) -> QPixmap:
    """Return an icon as a picture for a screen with ``ratio`` device pixels to one."""
    return _pixmap(name, theme.colour(colour_token).name(), size, ratio, _stroke(size, strong))


def paint(painter: QPainter, name: str, rect: QRectF, colour: str | QColor, *, strong: bool = False) -> None:
    """Draw an icon into a square of a running painter; ``colour`` is a token or a QColor."""
    value = theme.colour(colour) if isinstance(colour, str) else colour
    size = round(min(rect.width(), rect.height()))
    ratio = painter.deviceTransform().m11() or 1.0  # device pixels to one; asking the device loads every device class
    x = rect.x() + (rect.width() - size) / 2
    y = rect.y() + (rect.height() - size) / 2
    picture = _pixmap(name, value.name(), size, ratio, _stroke(size, strong))
    painter.drawPixmap(QRectF(x, y, size, size), picture, QRectF(picture.rect()))


class _Engine(QIconEngine):
    """Draws the icon afresh for each size and ratio, in the colour the theme has at that moment."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = "faint" if mode == QIcon.Mode.Disabled else self._token
        paint(painter, self._name, QRectF(rect), token)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        token = "faint" if mode == QIcon.Mode.Disabled else self._token
        return pixmap(self._name, token, min(size.width(), size.height()))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        token = "faint" if mode == QIcon.Mode.Disabled else self._token
        return pixmap(self._name, token, min(size.width(), size.height()), scale)


def icon(name: str, colour_token: str = "muted", size: int = 18) -> QIcon:
    """Return a QIcon in a colour of the theme, for menus and Qt's own widgets; it follows a change of theme."""
    result = QIcon(_Engine(name, colour_token))
    if result.isNull() or not resource("icons", f"{name}.svg").is_file():
        raise FileNotFoundError(f"no icon {name!r}")
    return result


_folder: list[QTemporaryDir] = []


def tinted_file(name: str, colour: str) -> str:
    """Return the path of a tinted drawing for ``image: url()`` in the style sheet; removed when the program ends."""
    if not _folder:
        _folder.append(QTemporaryDir())
    path = f"{_folder[0].path()}/{name}-{colour.lstrip('#')}.svg"
    with open(path, "wb") as file:
        file.write(svg(name, colour, 2.0))
    return path.replace("\\", "/")


class IconLabel(QWidget):
    """An icon that stands alone; ``disc`` puts it on a soft circle of that tone (time lines, call heads)."""

    def __init__(
        self, name: str, colour_token: str = "muted", size: int = 18, *, disc: str = "", disc_size: int = 24,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._name, self._token, self._size, self._disc = name, colour_token, size, disc
        side = disc_size if disc else size
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def name(self) -> str:
        """The icon shown now."""
        return self._name

    def set_icon(self, name: str, colour_token: str | None = None, *, disc: str | None = None) -> None:
        """Show another icon, colour or disc."""
        self._name = name
        self._token = self._token if colour_token is None else colour_token
        self._disc = self._disc if disc is None else disc
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        token: str | QColor = self._token
        if self._disc:
            painter.setPen(Qt.PenStyle.NoPen)
            if self._disc == "solid":
                painter.setBrush(theme.colour("accent"))
                token = "accent_text"
            else:
                front, soft = theme.tone_colours(self._disc)
                painter.setBrush(soft)
                token = front
            painter.drawEllipse(QRectF(self.rect()))
        side = self._size
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint(painter, self._name, box, token, strong=bool(self._disc))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)
