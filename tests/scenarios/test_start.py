"""The real program in a process of its own: it starts, says what is wrong, and never shows a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk.core import address

ROOT = Path(__file__).resolve().parents[2]
NO_DISPLAY = 3

# Starts the program as `crmdesk` does, waits until its first window says something, prints that, and quits.
WATCH = """
import sys
from PySide6.QtCore import QTimer
from crmdesk import app as program_module
from crmdesk.db import engine
mounts = sys.argv[2] if len(sys.argv) > 2 else ""
if mounts:
    engine._mounts = lambda: mounts
class Watched(program_module.Program):
    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.ready.connect(self.tell)
        QTimer.singleShot(30_000, self.quit)
    def tell(self):
        login = self.login
        if self.setup is not None:
            print("setup:", self.setup.step.title_label.text())
        elif login.pane == "trouble":
            print("trouble:", login.trouble.title.text(), "|", login.trouble.sentence.text())
        else:
            print("people:", ",".join(p.login for p in login.sign_in.tiles.people()))
        self.quit()
program_module.Program = Watched
sys.exit(program_module.run(database=sys.argv[1], speak="en"))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, no display but the offscreen one."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return kept | {
        "CRMDESK_HOME": str(tmp_path / "own"),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error::ResourceWarning",
        "PYTHONIOENCODING": "utf-8",
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=90, encoding="utf-8"
    )


def start(environment: dict[str, str], url: str, mounts: str = "") -> str:
    result = run(environment, "-c", WATCH, url, mounts)
    assert "Traceback" not in result.stderr, result.stderr
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_office_opens_with_its_people(environment: dict[str, str], sqlite_database_url: str) -> None:
    assert start(environment, sqlite_database_url) == "people: boss,mei,ming,fang,wen,wu"


def test_the_first_start_asks(environment: dict[str, str]) -> None:
    assert start(environment, "") == "setup: Language"


def test_a_missing_file(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    said = start(environment, address.file_url(path))
    assert said.startswith("trouble: The office's data can't be opened | The data file is not there any more")
    assert not path.exists()


def test_a_broken_file(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(os.urandom(8192))
    assert "The data file is damaged" in start(environment, address.file_url(path))


def test_a_newer_schema(environment: dict[str, str], sqlite_database_url: str) -> None:
    path = address.file_of(sqlite_database_url) or Path(sqlite_database_url.partition(":///")[2])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer version of CRM Desk (9999)" in start(environment, sqlite_database_url)


def test_a_network_path(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "share" / "office.db"
    said = start(environment, address.file_url(path), f"server:/office {tmp_path}/share cifs rw 0 0\n")
    assert "network drive" in said and not path.exists()


def test_an_unreachable_server(environment: dict[str, str]) -> None:
    said = start(environment, "postgresql://crmdesk@127.0.0.1:1/crmdesk")
    assert "The office server 127.0.0.1 can't be reached" in said


def test_an_address_that_is_none(environment: dict[str, str]) -> None:
    assert "This is not a database address" in start(environment, "office please")


def test_a_damaged_settings_file_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "own" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text("{ half", encoding="utf-8")
    result = run(environment, "-m", "crmdesk", "doctor", "--language", "en")
    assert result.returncode == 1 and "settings file of this PC can't be read" in result.stdout
    assert "Traceback" not in result.stderr


def test_without_a_display_it_says_so(environment: dict[str, str]) -> None:
    environment.pop("QT_QPA_PLATFORM")
    result = run(environment, "-m", "crmdesk", "--language", "en")
    if sys.platform in ("win32", "darwin"):
        pytest.skip("always has a display")
    assert result.returncode == NO_DISPLAY and "There is no display here" in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_ends_with_the_right_code(environment: dict[str, str], sqlite_database_url: str, tmp_path: Path) -> None:
    good = run(environment, "-m", "crmdesk", "doctor", "--database", sqlite_database_url, "--language", "zh_TW")
    assert good.returncode == 0 and "一切正常" in good.stdout, good.stdout
    path = tmp_path / "broken.db"
    path.write_bytes(b"x" * 5000)
    bad = run(environment, "-m", "crmdesk", "doctor", "--database", address.file_url(path), "--language", "en")
    assert bad.returncode == 1 and "damaged" in bad.stdout


def test_wrong_usage_is_code_two(environment: dict[str, str]) -> None:
    assert run(environment, "-m", "crmdesk", "dance").returncode == 2


def test_the_smoke_test_of_an_installation(environment: dict[str, str]) -> None:
    result = run(environment, "-m", "crmdesk", "smoke", "--language", "en")
    assert result.returncode == 0, result.stderr
    assert "Sales slip: slip.pdf" in result.stdout and "Everything is in order." in result.stdout


def test_the_first_window_is_painted_before_the_heavy_libraries(environment: dict[str, str]) -> None:
    code = (
        "import sys, crmdesk.app\n"
        "heavy = {'sqlalchemy', 'alembic', 'psycopg', 'reportlab', 'babel', 'phonenumbers', 'openpyxl', 'argon2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(environment, "-c", code).stdout.strip() == "[]"


def test_the_window_is_opened_without_reading_the_commands(environment: dict[str, str]) -> None:
    code = "import sys, crmdesk.__main__\nprint(sorted({'argparse', 'crmdesk.rules.clauses'} & set(sys.modules)))"
    assert run(environment, "-c", code).stdout.strip() == "[]"


def test_the_desks_come_without_what_only_papers_and_upgrades_need(environment: dict[str, str]) -> None:
    code = (
        "import sys, importlib\n"
        "import crmdesk.app, crmdesk.services.setup\n"
        "from crmdesk.start.ahead import NAMES\n"
        "for name in NAMES: importlib.import_module(name)\n"
        "from crmdesk.rules.worktime import public_holidays\n"
        "assert public_holidays('TW', 2026)[0] and public_holidays('CN', 2026)[1]\n"
        "heavy = {'alembic', 'reportlab', 'PIL', 'pypdfium2', 'openpyxl', 'phonenumbers', 'pypinyin', 'psycopg',\n"
        "         'babel', 'holidays.countries', 'holidays.countries.japan'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(environment, "-c", code).stdout.strip() == "[]"
