"""Programs of their own for what only a fresh process shows: first paint, usable window, memory.

``python -m bench.start empty|login|memory-empty|memory`` prints one line of JSON; moments are those of the monotonic
clock, which parent and child share.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

TYPING_MS = 1000  # a person needs longer for a password; not counted

said: dict[str, float] = {}


def _watch(widget: Any, name: str, then: Callable[[], None]) -> Any:
    """Note the moment after a widget was painted for the first time; PySide is imported here, as late as may be."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Eye(QObject):
        seen = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.seen:
                self.seen = True
                QTimer.singleShot(0, self.painted)  # when the whole window has been drawn
            return False

        def painted(self) -> None:
            said[name] = time.monotonic()
            then()

    eye = Eye(widget)
    widget.installEventFilter(eye)
    return eye


def _empty(memory: bool) -> int:
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])
    window = QWidget()
    window.resize(1366, 768)
    _watch(window, "paint", app.quit)
    window.show()
    app.exec()
    if memory:
        said["memory"] = resident()
    return 0


def _login(password: str, memory: bool) -> int:
    """The program as ``python -m crmdesk`` starts it; somebody types a password and presses Enter."""
    from crmdesk.__main__ import main  # first, as in the program
    from PySide6.QtCore import QTimer  # isort: skip

    import crmdesk.app as application  # isort: skip

    class Watched(application.Program):
        def start(self) -> None:
            self.ready.connect(self._people)
            self.signed_in.connect(self._look)
            _watch(self.login.sign_in.enter, "paint", _nothing)
            super().start()

        def _people(self) -> None:
            said["people"] = time.monotonic()
            QTimer.singleShot(TYPING_MS, self._enter)

        def _enter(self) -> None:
            said["enter"] = time.monotonic()
            self.login.sign_in.password.setText(password)
            self.login.sign_in.enter.click()

        def _look(self) -> None:
            _watch(self.window, "usable", self._visit if memory else self._end)

        def _visit(self) -> None:
            for key in list(self.window.keys()):
                self.window.show_page(key)
                for _pass in range(20):
                    self.app.processEvents()
                    time.sleep(0.005)
            said["memory"] = resident()
            self._end()

        def _end(self) -> None:
            self.quit()

    application.Program = Watched  # type: ignore[misc]  # watched, to time its start
    return main([])


def _nothing() -> None:
    """Only the moment counts."""


def resident() -> float:
    """Return the memory this process holds now, in MiB; 0 where the system doesn't tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except OSError:
        return 0.0
    import resource

    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    mode = sys.argv[1]
    if mode in ("empty", "memory-empty"):
        code = _empty(mode == "memory-empty")
    else:
        code = _login(sys.argv[2], mode == "memory")
    print(json.dumps(said))
    sys.exit(code)
