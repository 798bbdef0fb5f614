"""The house keeps its own rules: direction of imports, style, types, texts, sizes, nothing of a stranger's machine."""

from __future__ import annotations

import gettext
import re
import sys
import tomllib

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.helpers import house

PROJECT = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))


def test_imports_go_downwards() -> None:
    assert house.broken_contracts(house.ROOT) == []


def test_ruff_has_nothing_to_say() -> None:
    assert house.ruff(house.ROOT) == []


@pytest.mark.timeout(300)  # a cold cache takes mypy through Qt and SQLAlchemy
def test_mypy_has_nothing_to_say() -> None:
    assert house.mypy(house.ROOT) == []


def test_habits_no_linter_knows() -> None:
    assert house.habits(house.ROOT) == []


def test_files_are_small() -> None:
    assert house.long_files(house.ROOT) == []


def test_nothing_of_a_machine_or_a_registry() -> None:
    assert house.strangers(house.ROOT) == []


def test_top_level_is_short() -> None:
    assert {path.name for path in house.ROOT.iterdir()} - house.LEAVINGS <= house.TOP_LEVEL


@pytest.mark.parametrize("language", house.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert house.untranslated(house.ROOT, language) == []


@pytest.mark.parametrize("language", house.LANGUAGES)
def test_compiled_catalogue_is_of_today(language: str) -> None:
    """`make` compiles the catalogues; a stale one makes other tests fail in riddles."""
    compiled = gettext.translation("crmdesk", house.ROOT / "translations", [language])
    for message in house.catalogue(house.ROOT, language):
        if message.id and isinstance(message.id, str) and not message.context and message.string:
            assert compiled.gettext(message.id) == message.string


def test_installed_program_brings_all_resources() -> None:
    folders = {path.parent for path in house.files(house.ROOT / "resources")}
    folders.discard(house.ROOT / "resources" / "pictures")  # the README's, not the program's
    wanted = {"share/crmdesk/" + folder.relative_to(house.ROOT).as_posix() for folder in folders}
    assert wanted <= set(PROJECT["tool"]["setuptools"]["data-files"])


def test_lock_knows_every_package_asked_for() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked = [*PROJECT["project"]["dependencies"], *(name for extra in extras for name in extra)]
    locked = re.findall(r"^([\w.-]+)==", (house.ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    plain = {re.sub(r"[-_.]+", "-", name).lower() for name in locked}
    names = {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", text, maxsplit=1)[0]).lower() for text in asked}
    assert names <= plain


def test_qt_leaves_none_alone(qtbot: QtBot) -> None:
    """PySide6 6.12.0 drops a reference to None in every call that returns nothing: Python 3.11 aborts after 6,000."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(2000):
        widget.updateGeometry()
    assert abs(sys.getrefcount(None) - before) < 500
