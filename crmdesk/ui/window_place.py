"""Where the main window stood, kept for the next start; never off the screens of today."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

USUAL = (1366, 768)


def restore(window: QWidget, kept: object) -> None:
    """Put a window where ``place_of`` found it, or give it the usual size; too large or off-screen is put right."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(min(USUAL[0], screen.width()), min(USUAL[1], screen.height()))
    if isinstance(kept, list) and len(kept) == 5:
        x, y, width, height, maximised = kept
        window.resize(min(int(width), screen.width()), min(int(height), screen.height()))
        if any(s.availableGeometry().contains(int(x) + 40, int(y) + 10) for s in QGuiApplication.screens()):
            window.move(int(x), int(y))
        if maximised:
            window.setWindowState(Qt.WindowState.WindowMaximized)


def place_of(window: QWidget) -> list[int | bool]:
    """Return a window's place in logical pixels and whether it is maximised, for the settings file."""
    place = window.normalGeometry()
    return [place.x(), place.y(), place.width(), place.height(), window.isMaximized()]
