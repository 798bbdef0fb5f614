"""The tour is the main job done: the real windows through one office day, with every picture and paper left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
PAGES = {  # of each kind of paper: how many files the day leaves, and how many pages each has
    "sales_slip": (2, 3), "carton_label": (3, 1), "receipt": (1, 1), "repair_receipt": (1, 1), "repair_slip": (1, 3),
    "complaint_sheet": (1, 5), "monthly_report": (1, 3),
}  # fmt: skip
BROKEN = """
import sys
from pathlib import Path
from crmdesk.tour import run_tour
from crmdesk.tour.plan import PLAN, Step

def broken(stage):
    stage.check(stage.window.current_key == "nowhere", "a desk called nowhere")

def crash(stage):
    stage.program.window.rail.chosen.emit("rabbits")
    stage.program.window.page("rabbits")

steps = (PLAN[0], Step("wrong", "Something is not there", broken), Step("crash", "A bug", crash),
         Step("after", "Needs what is missing", broken, ("slip",)))
sys.exit(run_tour(Path(sys.argv[1]), "en", steps=steps))
"""


class Tour(NamedTuple):
    """What a tour left."""

    out: Path
    done: subprocess.CompletedProcess[str]

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.out / "tour.json").read_text("utf-8"))
        return report


def run(folder: Path, *arguments: str) -> Tour:
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    own = {"CRMDESK_HOME": str(folder / "own"), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    own |= {"PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error::ResourceWarning"}
    done = subprocess.run(
        [sys.executable, *arguments], env=kept | own, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return Tour(folder / "out", done)


@pytest.mark.timeout(240)
def test_the_office_day_comes_out_whole(tmp_path: Path) -> None:
    """One test, for the day takes half a minute: its steps, its pictures and its papers."""
    tour = run(tmp_path, "-m", "crmdesk", "tour", "--out", str(tmp_path / "out"), "--language", "zh_TW")
    assert tour.done.returncode == 0, tour.done.stdout + tour.done.stderr
    assert tour.done.stderr == ""
    assert tour.report["passed"]
    assert tour.report["warnings"] == []
    every_step_was_done(tour)
    every_picture_is_a_whole_window(tour)
    every_paper_has_its_copies(tour)


def every_step_was_done(tour: Tour) -> None:
    steps = tour.report["steps"]
    assert len(steps) >= 70
    for step in steps:
        assert step["state"] == "done"
        assert step["milliseconds"] > 0
        assert step["pictures"], step["name"]


def every_picture_is_a_whole_window(tour: Tour) -> None:
    pictures = [name for name in tour.report["files"] if "/" not in name]
    assert [int(name[:3]) for name in pictures] == list(range(1, len(pictures) + 1))
    for name in pictures:
        with Image.open(tour.out / name) as picture:
            assert picture.size == (1366, 768), name
            small = picture.convert("RGB").resize((342, 192), Image.Resampling.NEAREST)  # enough to count colours
            colours = small.getcolors(1 << 16)
            assert colours is not None and len(colours) > 30, f"{name} is empty"


def every_paper_has_its_copies(tour: Tour) -> None:
    for kind, (files, pages) in PAGES.items():
        found = sorted((tour.out / "papers").glob(f"{kind}-2*.pdf"))
        assert len(found) == files, kind
        for path in found:
            assert len(PdfReader(path).pages) == pages, path.name


@pytest.mark.timeout(240)
def test_a_step_that_fails_is_named_with_a_picture_and_the_rest_goes_on(tmp_path: Path) -> None:
    tour = run(tmp_path, "-c", BROKEN, str(tmp_path / "out"))
    assert tour.done.returncode == 1
    states = {step["name"]: (step["state"], step["pictures"]) for step in tour.report["steps"]}
    assert states["sign-in"][0] == "done", tour.done.stdout
    assert states["wrong"] == ("failed", ["003-wrong-failed.png"])
    assert states["crash"][0] == "failed"
    assert states["after"] == ("skipped", [])
    assert "a desk called nowhere" in tour.done.stdout
    assert (tour.out / "003-wrong-failed.png").is_file()
