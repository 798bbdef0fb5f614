"""The telephone: a keystroke to the list, the window of a new call, the card, the ring handed over."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from bench import data, floors
from bench.measure import Pair, Row, Target, measure
from crmdesk.core.phone import query_tail

HAND_OVER_MS = 200
WARM = 8  # calls until the program has made its desks ready in the pauses of typing a password
OPEN_SECONDS = 30  # a busy machine starts the program within this


def keystroke(place: Any) -> Row:
    """One more digit typed in the call window until the list of possible callers is painted."""
    from PySide6.QtTest import QTest

    with _phone_window(place) as (app, frame):
        _new_call(app, frame)
        field = frame.page("calls").form_view.number_edit
        typed = iter(cycle([(tail, length) for tail in tails(place) for length in range(3, 7)]))

        def product() -> float:
            tail, length = next(typed)
            field.setText(tail[: length - 1])
            app.processEvents()
            began = time.perf_counter()
            QTest.keyClicks(field, tail[length - 1])
            app.processEvents()
            return (time.perf_counter() - began) * 1000

        words = f"keystroke to painted list, {place.size('customers')}"
        return measure(words, place.engine, Pair(product), place.sizes.repeats, place.within(16, at_million=33))


def call_window(place: Any) -> Row:
    """F2 on another page until the empty form of a call is painted and takes keys."""
    with _phone_window(place) as (app, frame):

        def product() -> float:
            frame.page("calls").show_list()
            app.processEvents()
            began = time.perf_counter()
            _new_call(app, frame)
            return (time.perf_counter() - began) * 1000

        target = Target("<= 30 ms", most=30)
        return measure("F2 to the painted call form", place.engine, Pair(product), place.sizes.repeats, target)


def answer(place: Any) -> Row:
    """F2 while a known customer rings: found, taken over, card and form painted."""
    from crmdesk.core.rings import Ring, Waiting
    from crmdesk.ui.calls.ringing import RingBar, open_call

    numbers = cycle(row[0] for row in place.bare.read("SELECT number FROM customer_phone ORDER BY id LIMIT 50"))
    with _phone_window(place) as (app, frame):
        bar = RingBar(frame)
        now = place.ctx.clock.now()

        def product() -> float:
            began = time.perf_counter()
            waiting = Waiting(Ring(next(numbers)), now, now)
            bar.show_rings([waiting])
            app.processEvents()
            open_call(frame, waiting)
            bar.show_rings([])
            app.processEvents()
            spent = (time.perf_counter() - began) * 1000
            frame.page("calls").put_away()
            return spent

        target = Target("<= 100 ms", most=100)
        return measure("ring shown, answered, card painted", place.engine, Pair(product), place.sizes.repeats, target)


def card(place: Any) -> Row:
    """All there is to know of a customer who rings."""
    from crmdesk.services.ringing import get_caller

    ids = cycle(row[0] for row in place.bare.read("SELECT id FROM customer ORDER BY id LIMIT 50"))
    pair = Pair(lambda: _nothing(get_caller(place.ctx, next(ids))), lambda: floors.read_card(place.bare, next(ids)))
    target = Target("<= 25 ms", most=25)
    return measure("card of a found customer", place.engine, pair, place.sizes.repeats, target)


def hand_over(place: Any) -> Row:
    """``crmdesk call NUMBER`` until it has ended; the program runs, nobody is signed in."""
    from bench.works import ROOT, sample_home

    home, _password = sample_home(place)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"CRMDESK_HOME": str(home), "PYTHONPYCACHEPREFIX": str(place.folder / "compiled")}
    numbers = iter(range(10_000_000, 99_999_999))

    def call() -> int:
        command = [sys.executable, "-m", "crmdesk", "call", f"09{next(numbers)}", "--name", "陳"]
        return subprocess.run(command, cwd=ROOT, env=environment, timeout=60, check=False).returncode

    program = subprocess.Popen([sys.executable, "-m", "crmdesk"], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + OPEN_SECONDS
        while not list((home / "run").glob("*.sock")):
            if time.monotonic() > until or program.poll() is not None:
                raise RuntimeError("the program did not open its door")
            time.sleep(0.05)  # the program starts; nothing is timed yet

        def product() -> None:
            if call():
                raise RuntimeError("the ring was not taken")

        def floor() -> None:
            subprocess.run([sys.executable, "-c", "pass"], cwd=ROOT, env=environment, check=True)

        target = Target(f"<= {HAND_OVER_MS} ms", most=HAND_OVER_MS)
        rounds = max(5, place.sizes.starts)
        return measure("crmdesk call: the ring handed over", "-", Pair(product, floor), rounds, target, warm=WARM)
    finally:
        program.kill()
        program.communicate()


def duplicates(place: Any) -> Row:
    """What a card looks like while its name, number and address are typed."""
    from crmdesk.services.duplicates import find_alike

    people = cycle(data.people(40, seed=data.SEED))

    def product() -> None:
        typed = next(people)
        find_alike(place.ctx, name=typed.name, company=typed.company, phones=(typed.mobile,), address=typed.address)

    words = f"duplicates while typing, {place.size('customers')}"
    return measure(words, place.engine, Pair(product), place.sizes.repeats, Target("<= 16 ms", most=16))


def tails(place: Any) -> list[str]:
    """Return the last six digits of some of the customers' numbers."""
    rows = place.bare.read("SELECT tail FROM customer_phone ORDER BY id LIMIT 400")
    chosen = random.Random(data.SEED).sample(rows, min(40, len(rows)))
    found = [row[0][:6][::-1] for row in chosen]
    return [tail for tail in found if query_tail(tail, "TW")]


@contextmanager
def _phone_window(place: Any) -> Iterator[tuple[Any, Any]]:
    from PySide6.QtTest import QTest

    from crmdesk.app import make_application
    from crmdesk.ui import language, theme
    from crmdesk.ui.calls.page import PAGE
    from crmdesk.ui.main_window import MainWindow
    from crmdesk.ui.shell import Shell

    app = make_application()
    language.switch(app, "zh_TW")
    theme.apply(app, dark=False)
    frame = MainWindow(Shell(ctx=place.ctx, company="天竺工坊"), [PAGE])
    frame.resize(1366, 768)
    frame.show()
    QTest.qWaitForWindowActive(frame)
    _new_call(app, frame)
    try:
        yield app, frame
    finally:
        frame.close()
        frame.deleteLater()
        app.processEvents()


def _new_call(app: Any, frame: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.keyClick(frame, Qt.Key.Key_F2)
    app.processEvents()


def _nothing(result: object) -> None:
    """Take what a work returns and say nothing: the round is timed as a whole."""
