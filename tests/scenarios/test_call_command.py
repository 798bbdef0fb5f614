"""`crmdesk call` in real processes: handed to the program that runs, or the program is started for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk.start.handover import door_name
from crmdesk.start.links import desktop_entry
from tests.scenarios.test_start import ROOT, environment, run

__all__ = ["environment"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the door is a pipe there, not a file")

# The program as `crmdesk call NUMBER` starts it; it prints each ring it hears and ends after the third.
WATCH = """
import sys
from PySide6.QtCore import QTimer
from crmdesk import app as program_module
from crmdesk.start import rings
class Watched(rings.Rings):
    def take(self, ring):
        super().take(ring)
        print(ring.number, ring.name, ring.line, flush=True)
        if len(self.waiting) == 3:
            QTimer.singleShot(100, self._program.quit)
program_module.Rings = Watched
from crmdesk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def program(environment: dict[str, str], sqlite_database_url: str) -> Iterator[subprocess.Popen[str]]:
    environment["CRMDESK_DATABASE"] = sqlite_database_url  # for the tests' own calls
    ring = ("call", "02 2345 6781", "--name", "先來的", "--database", sqlite_database_url)
    command = [sys.executable, "-c", WATCH, *ring]
    made = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT)
    yield made
    made.kill()
    made.communicate()


def call(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(environment, "-m", "crmdesk", *arguments, "--database", environment["CRMDESK_DATABASE"])


def test_started_for_a_ring_and_told_of_the_next(
    environment: dict[str, str], program: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMDESK_HOME", environment["CRMDESK_HOME"])
    door = Path(door_name(environment["CRMDESK_DATABASE"]))  # elsewhere than below the home when that path is long
    until = time.monotonic() + 60
    while not door.exists() and time.monotonic() < until and program.poll() is None:
        time.sleep(0.02)  # until the program has opened its door
    assert call(environment, "call", "02 2345 6782", "--line", "門市").returncode == 0
    refused = call(environment, "call", "9" * 60)
    assert refused.returncode == 1 and "60" in refused.stderr and "Traceback" not in refused.stderr
    assert call(environment, "crmdesk:call?number=%2B886912345678&name=%E9%99%B3").returncode == 0
    said, _nothing = program.communicate(timeout=60)
    assert said.splitlines() == ["02 2345 6781 先來的 ", "02 2345 6782  門市", "+886912345678 陳 "]
    assert program.returncode == 0
    kept = (tmp_path / "own" / "data" / "rings.txt").read_text("utf-8")
    assert kept.count("\n") == 3  # nobody signed in: they wait for the next start


def test_the_sender_imports_next_to_nothing(environment: dict[str, str]) -> None:
    code = (
        "import sys, crmdesk.__main__, crmdesk.core.rings, crmdesk.start.handover\n"
        "heavy = {'PySide6', 'sqlalchemy', 'babel', 'argparse', 'phonenumbers', 'crmdesk.core.phone', 'logging'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(environment, "-c", code).stdout.strip() == "[]"


def test_links_are_registered_for_this_user(environment: dict[str, str], tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("a desktop file is Linux's way")
    environment |= {"XDG_DATA_HOME": str(tmp_path / "share"), "HOME": str(tmp_path), "PATH": ""}
    done = run(environment, "-m", "crmdesk", "doctor", "--register-links", "--language", "en")
    assert done.returncode == 0 and "open this program now" in done.stdout, done.stderr
    written = (tmp_path / "share" / "applications" / "crmdesk.desktop").read_text("utf-8")
    assert written == desktop_entry() and "x-scheme-handler/crmdesk;" in written and "%u" in written
