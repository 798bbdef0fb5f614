"""Prepares the temporary office, plays the steps, and writes down what came of them."""

from __future__ import annotations

import json
import os
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import crmdesk
from crmdesk.app import Program, make_application
from crmdesk.core.address import default_url
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.core.settings import Settings
from crmdesk.printing.preview import pages_to_pictures
from crmdesk.services.sample import fill_sample
from crmdesk.services.setup import open_context, open_database
from crmdesk.tour.plan import PLAN, Step
from crmdesk.tour.stage import Stage
from crmdesk.ui import dialogs, errors
from crmdesk.ui import language as language_switch
from crmdesk.ui import theme as theme_tokens

TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
MORNING = datetime(2026, 11, 24, 10, 20, tzinfo=TAIPEI)  # a Tuesday, the office has been open for a while
SIZE = (1366, 768)  # the smallest screen that must be enough
PAPER_DPI = 110
# What the offscreen platform says of every window and menu; it is no fault of ours.
HARMLESS = ("This plugin does not support",)


@dataclass
class Played:
    """What came of one step."""

    name: str
    done: str
    milliseconds: int = 0
    state: str = "done"  # done, failed, skipped
    reason: str = ""
    pictures: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)


def run_tour(
    out: Path, language: str = "zh_TW", seed: int = 1, theme: str = "light", scale: int = 100,
    steps: Sequence[Step] = PLAN,
) -> int:  # fmt: skip
    """Drive the real windows through one office day; pictures, papers and ``tour.json`` lie in ``out`` afterwards.

    Returns 0 when every step came out as it should, else 1; a line is printed for each step.
    """
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    theme_tokens.prepare_scale(scale)
    app = make_application()
    provider = dialogs.provider
    warnings: list[str] = []
    with _own_home(), _listening(warnings):
        language_switch.switch(app, language)
        theme_tokens.apply(app, dark=theme == "dark", scale=scale)
        clock = FixedClock(MORNING, TAIPEI)
        settings = Settings(language=language, theme=theme, scale=scale, lock_after_minutes=0, sounds=False)
        begun = time.perf_counter()
        _make_office(settings, clock, seed)
        ready = round((time.perf_counter() - begun) * 1000)
        print(_("The sample office is ready after {count} ms.").format(count=ready))
        program = Program(app, settings, clock, database=default_url())
        stage = Stage(app, program, clock, out)
        dialogs.provider = stage.boxes
        try:
            played = _play(stage, steps)
        finally:
            dialogs.provider = provider
            program.close()
            app.processEvents()
    failed = [p for p in played if p.state != "done"]
    _write(out, played, warnings, {"language": language, "seed": seed, "theme": theme, "scale": scale,
                                   "office_milliseconds": ready})  # fmt: skip
    for text in warnings:
        print(_("Qt warned: {text}").format(text=text))
    pictures = sum(len(p.pictures) for p in played)
    count = len(list((out / "papers").glob("*.pdf")))
    words = _("{pictures} pictures and {papers} papers lie in {folder}.")
    print(words.format(pictures=pictures, papers=count, folder=out))
    if failed:
        print(ngettext("{count} step failed.", "{count} steps failed.", len(failed)).format(count=len(failed)))
    return 1 if failed or warnings else 0


def _make_office(settings: Settings, clock: FixedClock, seed: int) -> None:
    db = open_database(default_url(), clock, create=True)
    try:
        fill_sample(open_context(db, settings, clock), seed)
    finally:
        db.close()


def _play(stage: Stage, steps: Sequence[Step]) -> list[Played]:
    stage.program.login.setGeometry(0, 0, *SIZE)
    stage.program.start()
    stage.until(stage.program.login.sign_in.tiles.people, "the people on the sign-in window")
    played = []
    for number, step in enumerate(steps, 1):
        one = _play_one(stage, step)
        played.append(one)
        mark = {"done": "✓", "failed": "✗", "skipped": "–"}[one.state]
        words = _("{mark} {number:02d} {done} ({count} ms)")
        print(words.format(mark=mark, number=number, done=one.done, count=one.milliseconds), flush=True)
        if one.reason:
            print(f"   {step.name}: {one.reason}", flush=True)
    return played


def _play_one(stage: Stage, step: Step) -> Played:
    one = Played(step.name, _(step.done))
    missing = [name for name in step.needs if name not in stage.facts]
    if missing:
        one.state, one.reason = "skipped", "needs " + ", ".join(missing)
        return one
    stage.begin(step.name)
    begun = time.perf_counter()
    try:
        step.play(stage)
        stage.settle()
        if (crash := errors.crash_window()) is not None:
            stage.check(False, f"no crash:\n{crash.report}")
        if step.picture:
            stage.shoot()
    except Exception as error:  # whatever broke: the step is named, a picture kept, and the tour goes on
        one.state = "failed"
        one.reason = error.message if isinstance(error, CrmError) else "".join(traceback.format_exception(error))
        if (crash := errors.crash_window()) is not None:
            one.reason += f"\n{crash.report}"
        _clear_away(stage)
    one.milliseconds = round((time.perf_counter() - begun) * 1000)
    one.pictures, one.papers = list(stage.shots), stage.new_papers()
    return one


def _clear_away(stage: Stage) -> None:
    """Keep a picture of the fault, and close what stands in the way of the next step."""
    with suppress(CrmError):
        stage.shoot("failed")
    if (crash := errors.crash_window()) is not None:
        crash.close()
    box = QApplication.activeModalWidget()
    if box is not None:
        box.close()
    stage.app.processEvents()


def _write(out: Path, played: list[Played], warnings: list[str], about: dict[str, Any]) -> None:
    for pdf in sorted((out / "papers").glob("*.pdf")):
        for number, page in enumerate(pages_to_pictures(pdf.read_bytes(), PAPER_DPI), 1):
            image = QImage(page.rgba, page.width, page.height, page.width * 4, QImage.Format.Format_RGBA8888)
            image.save(str(pdf.with_name(f"{pdf.stem}-{number}.png")))
    report = {
        "program": crmdesk.__version__,
        **about,
        "day": f"{MORNING:%Y-%m-%d}",
        "passed": all(p.state == "done" for p in played) and not warnings,
        "milliseconds": sum(p.milliseconds for p in played),
        "warnings": warnings,
        "steps": [{"number": number, **asdict(one)} for number, one in enumerate(played, 1)],
        "files": sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.suffix in (".png", ".pdf")),
    }
    (out / "tour.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@contextmanager
def _own_home() -> Iterator[None]:
    """Give the program folders of its own, so that the tour never meets the data of this PC."""
    before = os.environ.get("CRMDESK_HOME")
    with tempfile.TemporaryDirectory(prefix="crmdesk-tour-", ignore_cleanup_errors=True) as folder:
        os.environ["CRMDESK_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["CRMDESK_HOME"]
            else:
                os.environ["CRMDESK_HOME"] = before


@contextmanager
def _listening(warnings: list[str]) -> Iterator[None]:
    """Write down what Qt warns of: a warning is a fault of ours."""

    def hear(kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and not text.startswith(HARMLESS):
            warnings.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
