"""Fields to type in. Each has ``value()``, ``set_value()`` and ``value_changed``, so that a form can treat them alike.

A field never changes under the typing hand: money, days and numbers are written out nicely when it is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QStyledItemDelegate, QWidget

from crmdesk.core.i18n import _, ngettext
from crmdesk.ui import icons, theme

LINE_ROLES = {"normal": "body", "big": "row", "station": "number"}
LINE_HEIGHTS = {"normal": 32, "big": 48, "station": 56}


def _name_by_placeholder(field: TextEdit | NoteEdit, text: str) -> None:
    """Let who cannot see a field hear its placeholder, in the language in force, until somebody names the field."""
    if field.accessibleName() in ("", field.placeholderText()):
        field.setAccessibleName(text)


def shorten_words(over: int) -> str:
    """Return by how many characters a text is too long."""
    words = ngettext("Please shorten this text by {count} character.",
                     "Please shorten this text by {count} characters.", over)  # fmt: skip
    return words.format(count=over)


class TextEdit(QLineEdit):
    """One line of text.

    ``max_length`` is shown as a counter once four fifths are used; more can be typed, so that a pasted text is never
    cut off silently: ``problem()`` then says so. ``aside`` is a muted word inside at the right (``2 matches``).
    """

    value_changed = Signal()

    def __init__(
        self, *, max_length: int = 0, size: str = "normal", placeholder: str = "", icon: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.max_length = max_length
        self._aside = ""
        self._aside_tone = "muted"
        self._icon = icon
        self._placeholder = placeholder
        self.setProperty("extent", size)  # not "size": that is Qt's own property
        self.setFont(theme.font(LINE_ROLES[size], bold=False))
        self.setFixedHeight(LINE_HEIGHTS[size])
        self.setPlaceholderText(_(placeholder))
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._margins)
        self._margins()

    def value(self) -> object:
        """Return the text without blanks at its ends."""
        return self.text().strip()

    def set_value(self, value: object) -> None:
        """Fill the field without reporting a change; None empties it."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason and not self.cursorPosition():
            self.end(False)  # a page put the cursor here: typing goes on behind what stands there

    def problem(self) -> str:
        """Return what is wrong with the text as a sentence, '' if nothing."""
        over = len(self.text()) - self.max_length
        if self.max_length and over > 0:
            return shorten_words(over)
        return ""

    def set_placeholder(self, source: str) -> None:
        """Say something else in the empty field; a source text (N_), it follows the language."""
        self._placeholder = source
        self.setPlaceholderText(_(source))

    def set_aside(self, text: str, tone: str = "muted") -> None:
        """Show a short word inside the field at the right; '' takes it away."""
        self._aside, self._aside_tone = text, tone
        self._margins()
        self.update()

    def _edited(self, text: str) -> None:
        self.value_changed.emit()

    def _right_words(self) -> tuple[str, str]:
        used = len(self.text())
        if self.max_length and used > self.max_length * 0.8:
            return f"{used}/{self.max_length}", "danger" if used > self.max_length else "muted"
        return self._aside, self._aside_tone

    def _margins(self) -> None:
        words, _tone = self._right_words()
        right = round(theme.text_width(words, "label")) + 10 if words else 0
        self.setTextMargins(24 if self._icon else 0, 0, right, 0)
        self.update()

    def setPlaceholderText(self, text: str) -> None:
        _name_by_placeholder(self, text)
        super().setPlaceholderText(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._placeholder:
            self.setPlaceholderText(_(self._placeholder))
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        words, tone = self._right_words()
        painter = QPainter(self)
        if self._icon:
            icons.paint(painter, self._icon, QRectF(9, (self.height() - 16) / 2, 16, 16), "muted")
        if words:
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour(tone))
            right = 14 if self.property("extent") != "normal" else 10
            painter.drawText(
                QRectF(0, 0, self.width() - right, self.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                words,
            )


class NoteEdit(QPlainTextEdit):
    """Several lines of text; Tab leaves the field, Ctrl+Enter is left to the page."""

    value_changed = Signal()

    def __init__(
        self, *, lines: int = 3, max_length: int = 0, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.max_length = max_length
        self._loading = False
        self._placeholder = placeholder
        self.setTabChangesFocus(True)
        self.setMinimumHeight(lines * 20 + (20 if lines == 1 else 16))  # a single line without a scroll bar
        self.document().setDocumentMargin(2)
        self.setPlaceholderText(_(placeholder))
        self.textChanged.connect(self._edited)

    def value(self) -> object:
        """Return the text without blanks at its ends."""
        return self.toPlainText().strip()

    def set_value(self, value: object) -> None:
        """Fill the field without reporting a change; None empties it."""
        self._loading = True
        self.setPlainText("" if value is None else str(value))
        self._loading = False

    def problem(self) -> str:
        """Return what is wrong with the text as a sentence, '' if nothing."""
        over = len(self.toPlainText()) - self.max_length
        if self.max_length and over > 0:
            return shorten_words(over)
        return ""

    def _edited(self) -> None:
        self.viewport().update()
        if not self._loading:
            self.value_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def setPlaceholderText(self, text: str) -> None:
        _name_by_placeholder(self, text)
        super().setPlaceholderText(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._placeholder:
            self.setPlaceholderText(_(self._placeholder))
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        used = len(self.toPlainText())
        if self.max_length and used > self.max_length * 0.8:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("danger" if used > self.max_length else "muted"))
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(QRectF(self.viewport().rect()).adjusted(0, 0, -4, -2), corner, f"{used}/{self.max_length}")


class PasswordEdit(TextEdit):
    """A secret; the eye at the right shows it, and ``caps_lock`` tells when capitals are locked."""

    caps_lock = Signal(bool)

    def __init__(self, *, size: str = "normal", parent: QWidget | None = None) -> None:
        super().__init__(size=size, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = self.addAction(icons.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip(_("Show the password"))
        self._eye.triggered.connect(self._toggle)

    def value(self) -> object:
        """Return the secret exactly as typed."""
        return self.text()

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icons.icon("eye-off" if hidden else "eye"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if len(letter) == 1 and letter.isalpha() and letter.isascii():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock.emit(letter.isupper() != shift)
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._eye.setToolTip(_("Show the password"))
        super().changeEvent(event)


class Choice(QComboBox):
    """One of a few: ``Choice([("a", N_("Wholesale A")), …])``; texts are translated here and follow the language."""

    value_changed = Signal()

    def __init__(
        self, choices: Iterable[tuple[Any, str]] = (), *, editable: bool = False, translate: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._choices: list[tuple[object, str]] = []
        self._translate = translate
        self.setEditable(editable)
        self.setItemDelegate(QStyledItemDelegate(self))  # else the style sheet's item heights are not used
        self.setFixedHeight(32)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(16)
        self.set_choices(choices)
        self.activated.connect(self._picked)
        if editable:
            self.editTextChanged.connect(self._typed)

    def set_choices(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Offer other choices: pairs of (value, text); the chosen value is kept if it is still there."""
        kept = self.value() if self._choices else None
        self._choices = list(choices)
        self._fill(kept)

    def _fill(self, kept: object) -> None:
        typed = self.currentText() if self.isEditable() else ""
        blocked = self.blockSignals(True)
        self.clear()
        for _value, text in self._choices:
            self.addItem(_(text) if self._translate else text)
        self.blockSignals(blocked)
        self.set_value(kept)
        if self.isEditable() and typed and self.currentIndex() < 0:
            self.setEditText(typed)

    def value(self) -> object:
        """Return the chosen value; the typed text when it is none of the choices; None when nothing is chosen."""
        if self.isEditable():
            text = self.currentText().strip()
            index = self.findText(text)
            return self._choices[index][0] if index >= 0 else (text or None)
        index = self.currentIndex()
        return self._choices[index][0] if 0 <= index < len(self._choices) else None

    def set_value(self, value: object) -> None:
        """Choose without reporting a change; an unknown value chooses nothing (or is shown, when editable)."""
        blocked = self.blockSignals(True)
        index = next((i for i, (v, _t) in enumerate(self._choices) if v == value), -1)
        self.setCurrentIndex(index)
        if index < 0 and self.isEditable():
            self.setEditText("" if value is None else str(value))
        self.blockSignals(blocked)
        self.update()

    def _picked(self, *args: object) -> None:
        self.value_changed.emit()

    def _typed(self, text: str) -> None:
        line = self.lineEdit()
        if line is not None and line.isModified():
            self.value_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # turning the wheel over a form must not change what was chosen

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._translate and hasattr(self, "_choices"):
            self._fill(self.value())
        super().changeEvent(event)


class Tick(QCheckBox):
    """Yes or no, with its sentence; the sentence is translated here."""

    value_changed = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = text
        self.setText(_(text))
        self.clicked.connect(self._clicked)

    def value(self) -> object:
        """Return whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: object) -> None:
        """Tick or untick without reporting a change."""
        self.setChecked(bool(value))

    def _clicked(self) -> None:
        self.value_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_source"):
            self.setText(_(self._source))
        super().changeEvent(event)


__all__ = ["Choice", "NoteEdit", "PasswordEdit", "TextEdit", "Tick"]
