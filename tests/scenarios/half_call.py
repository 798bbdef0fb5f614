"""A child process that is killed in the middle of a call: the program itself, on the office's file, driven by keys.

Started as ``python -m tests.scenarios.half_call URL``. It signs in, waits for a line on its input, answers a call and
types; when the program has kept the draft by itself it says ``kept`` and goes on typing until it is killed.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from crmdesk.core.clock import FixedClock
from crmdesk.services import drafts
from crmdesk.ui import theme
from crmdesk.ui.calls import open_sheets
from tests.conftest import SUNDAY_MORNING, TAIPEI
from tests.scenarios.reception_keys import Reception, wait_until

LOGIN, NUMBER, CALLER, MATTER = "mei", "0223456785", "吳先生", "要型錄"
KEPT_AFTER = 40  # milliseconds instead of the three seconds at a desk; the program's own timer all the same


def main(url: str) -> None:
    """Type half a call and wait for the end."""
    open_sheets.KEEP_MS = KEPT_AFTER
    app = QApplication([])
    theme.apply(app, dark=False)
    reception = Reception(app, FixedClock(SUNDAY_MORNING, TAIPEI), url)
    reception.sign_in(LOGIN)
    print("signed in", flush=True)
    sys.stdin.readline()
    reception.answer(NUMBER)
    reception.stranger(CALLER, MATTER)
    ctx = reception.program.window.shell.ctx

    def is_kept() -> bool:
        return any(draft.payload["form"]["matter"] == MATTER for draft in drafts.find_drafts(ctx, "call"))

    wait_until(is_kept)
    print("kept", flush=True)
    typing = QTimer(app)
    typing.timeout.connect(lambda: reception.type("，還有"))  # the power doesn't wait for the end of a sentence
    typing.start(KEPT_AFTER)
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1])
