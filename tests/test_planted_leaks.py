"""The guards against what is left behind: each is shown to fail on a planted leak, in a test run of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.helpers.house import ROOT

LEAKS = '''
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from sqlalchemy import text

HELD = []


def test_window(qapp):
    HELD.append(QWidget())
    HELD[-1].show()


def test_timer(qapp):
    timer = QTimer(qapp)
    timer.start(1000)


def test_not_freed(freed):
    def make():
        window = QWidget()
        HELD.append(window.children)  # a bound method keeps its widget
        return window

    freed(make)


def test_session(desk):
    HELD.append(desk.db.engine.connect())
    HELD[-1].execute(text("SELECT 1"))


def test_clean(qapp, desk):
    pass
'''


def test_each_leak_is_found_and_a_clean_test_passes(tmp_path: Path) -> None:
    copy = tmp_path / "tests"
    shutil.copytree(ROOT / "tests" / "helpers", copy / "helpers")
    for name in ("__init__.py", "conftest.py", "ui/__init__.py", "ui/conftest.py"):
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "tests" / name, copy / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (copy / "ui" / "test_leaks.py").write_text(LEAKS, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist",
         "--basetemp", str(tmp_path / "base"), "tests/ui/test_leaks.py"],
        cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", run.stdout, re.MULTILINE))
    assert failed == {"test_window", "test_timer", "test_not_freed", "test_session"}, run.stdout[-3000:]


def _environment(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return environment | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
