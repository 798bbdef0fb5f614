"""Grounds: cards, wells, and columns of a page that scroll when height lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from crmdesk.ui.widgets.labels import ElideLabel, Label

Box = TypeVar("Box", QHBoxLayout, QVBoxLayout)


def row(*items: QWidget | QLayout | int | None, spacing: int = 8) -> QHBoxLayout:
    """Lay widgets in a row; an int is a fixed gap, None takes the free room."""
    box = QHBoxLayout()
    return _fill(box, items, spacing)


def column(*items: QWidget | QLayout | int | None, spacing: int = 8) -> QVBoxLayout:
    """Lay widgets under each other; an int is a fixed gap, None takes the free room."""
    box = QVBoxLayout()
    return _fill(box, items, spacing)


def _fill(box: Box, items: tuple[QWidget | QLayout | int | None, ...], spacing: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)
    return box


def clear(layout: QLayout, keep: Sequence[QWidget] = ()) -> None:
    """Empty a layout and throw its widgets away, except those kept."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None and widget not in keep:
            widget.hide()
            widget.deleteLater()


class Card(QFrame):
    """White ground with a 1 px line; ``body`` is its column of content.

    A title (bold), a second word beside it (muted) and widgets at the right (``add_action``) are optional.
    Nothing is clipped by a card: a table goes in with ``margins=1`` so that it doesn't cover the round corners.
    """

    def __init__(
        self, title: str = "", *, note: str = "", margins: int | tuple[int, int, int, int] = (20, 16, 20, 16),
        spacing: int = 8, tone: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("tone", tone)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
        self.body.setSpacing(spacing)
        self.title_label = Label(title, "card")
        self.note_label = ElideLabel(note, "label", "muted")
        self.note_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._head = QWidget()
        self._head_row = QHBoxLayout(self._head)
        self._head_row.setContentsMargins(0, 0, 0, 0)
        self._head_row.setSpacing(8)
        self._head_row.addWidget(self.title_label)
        self._head_row.addWidget(self.note_label, 1)
        self._actions = 0
        self.body.addWidget(self._head)
        self._head.setVisible(bool(title or note))

    def set_title(self, title: str, note: str | None = None) -> None:
        """Name the card; ``note`` is the muted word beside the title."""
        self.title_label.setText(title)
        if note is not None:
            self.note_label.setText(note)
        self._head.setVisible(bool(title or self.note_label.text() or self._actions))

    def set_note(self, note: str) -> None:
        """Change the muted word beside the title."""
        self.set_title(self.title_label.text(), note)

    def add_action(self, widget: QWidget) -> None:
        """Put a widget (button, pill, clause tag) at the right of the title."""
        self._actions += 1
        self._head_row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.setVisible(True)

    def add(self, *items: QWidget | QLayout | int | None) -> None:
        """Append to the body; an int is a gap, None takes the free room."""
        for item in items:
            if item is None:
                self.body.addStretch(1)
            elif isinstance(item, int):
                self.body.addSpacing(item)
            elif isinstance(item, QLayout):
                self.body.addLayout(item)
            else:
                self.body.addWidget(item)


class Well(QFrame):
    """A sunken strip with a row of content; ``tone`` accent (a saying), warning, danger or ok colours it softly."""

    def __init__(
        self, *, tone: str = "", margins: int | tuple[int, int, int, int] = (14, 10, 14, 10), vertical: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("tone", tone)
        self.body: QHBoxLayout | QVBoxLayout = QVBoxLayout(self) if vertical else QHBoxLayout(self)
        self.body.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
        self.body.setSpacing(8)

    def set_tone(self, tone: str) -> None:
        """Colour the strip; '' is the plain sunken one."""
        from crmdesk.ui import theme

        self.setProperty("tone", tone)
        theme.restyle(self)


class Stack(QStackedWidget):
    """Parts of a page one behind the other: it needs the room of the one in front, not of the largest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.minimumSizeHint() if front is not None else super().minimumSizeHint()


class Scroll(QScrollArea):
    """A column that scrolls up and down only and asks for little height: lists and time lines take the loss."""

    def __init__(self, content: QWidget, *, least: int = 80, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._content = least, content
        content.setObjectName(content.objectName() or "scrolled")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewport(QWidget())  # it fills no ground; asking for Qt's own loads every widget class
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        inner = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(inner, 40), self._least)  # nothing at the right is cut when the bar comes

    def sizeHint(self) -> QSize:
        inner = self._content.sizeHint()
        return QSize(inner.width(), max(self._least, inner.height()))
