"""Every rule of the house bites: one thing is spoilt in a copy of the program, and the rule must say so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from tests.helpers import house

LAYERS = "Layers: never upwards"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program, its catalogues and its settings, to spoil."""
    root = tmp_path / "copy"
    leave = shutil.ignore_patterns(*house.LEAVINGS, "*.mo")
    for name in ("crmdesk", "translations"):
        shutil.copytree(house.ROOT / name, root / name, ignore=leave)
    shutil.copy(house.ROOT / "pyproject.toml", root)
    return root


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An empty program with the real catalogues: enough for the rules that look at one file after another."""
    root = tmp_path / "small"
    shutil.copytree(house.ROOT / "translations", root / "translations", ignore=shutil.ignore_patterns("*.mo"))
    return root


def plant(root: Path, place: str, code: str) -> Path:
    """Add a module to the copy."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('"""Planted."""\n\nfrom __future__ import annotations\n\n' + code, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("place", "code", "contract"),
    [
        ("crmdesk/core/planted.py", "import crmdesk.services\n", LAYERS),
        ("crmdesk/printing/planted.py", "import crmdesk.db\n", LAYERS),
        ("crmdesk/planted.py", "", LAYERS),
        ("crmdesk/core/planted.py", "import PySide6\n", "PySide6 only in the windows and the composition root"),
        ("crmdesk/ui/planted.py", "import sqlalchemy\n", "Windows go through services"),
        ("crmdesk/ui/planted.py", "import crmdesk.db\n", "Windows go through services"),
        ("crmdesk/printing/planted.py", "import crmdesk.model\n", "Papers know plain documents only"),
        ("crmdesk/printing/planted.py", "import sqlalchemy\n", "Papers know plain documents only"),
    ],
)
def test_contracts_bite(copy: Path, place: str, code: str, contract: str) -> None:
    plant(copy, place, code)
    said = house.broken_contracts(copy)
    assert any(contract in line for line in said), said


def test_ruff_bites(copy: Path) -> None:
    plant(copy, "crmdesk/core/planted.py", "import os\n")
    assert any("planted.py" in line and "F401" in line for line in house.ruff(copy))


@pytest.mark.parametrize("code", ["def untyped(a):\n    return a\n", 'number: int = "one"\n'])
def test_mypy_bites(copy: Path, code: str) -> None:
    path = plant(copy, "crmdesk/core/planted.py", code)
    said = house.mypy(copy, f"--cache-dir={copy / 'cache'}", str(path))
    assert any("planted.py" in line and "error" in line for line in said), said


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("try:\n    pass\nexcept Exception:\n    pass\n", "swallowed"),
        ('name = ""\n_(f"Hello {name}")\n', "put together"),
        ('_("Hello {name}".format(name=""))\n', "put together"),
        ("def wire(self):\n    self.button.clicked.connect(lambda: self.save())\n", "holds self"),
        ("datetime.now(UTC)\n", "clock"),
    ],
)
def test_habits_bite(small: Path, code: str, complaint: str) -> None:
    plant(small, "crmdesk/ui/planted.py", code)
    assert [line for line in house.habits(small) if "ui/planted.py" in line and complaint in line]


@pytest.mark.parametrize("line", ["/wo" + "rk/main", "../shar" + "ed/x", "https://py" + "pi.org/simple"])
def test_strangers_are_noticed(small: Path, line: str) -> None:
    plant(small, "crmdesk/core/planted.py", f"# {line}\n")
    assert [found for found in house.strangers(small) if "planted.py" in found]


def test_long_file_is_noticed(small: Path) -> None:
    plant(small, "crmdesk/core/planted.py", "\n" * house.LINES)
    assert [found for found in house.long_files(small) if "planted.py" in found]


@pytest.mark.parametrize("language", house.LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        '_("A planted sentence")\n',
        'N_("A planted sentence")\n',
        'ngettext("A planted sentence", "{n} planted sentences", 2)\n',
        'pgettext("planted", "A planted sentence")\n',
    ],
)
def test_missing_translation_is_noticed(small: Path, code: str, language: str) -> None:
    plant(small, "crmdesk/core/planted.py", code)
    assert [line for line in house.untranslated(small, language) if "A planted sentence" in line]


@pytest.mark.parametrize("language", house.LANGUAGES)
@pytest.mark.parametrize(
    ("translation", "flags", "complaint"),
    [("種 {when}", (), "other fields"), ("種 {time}", ("fuzzy",), "uncertain"), ("", (), "not translated")],
)
def test_bad_translation_is_noticed(
    small: Path, language: str, translation: str, flags: tuple[str, ...], complaint: str
) -> None:
    plant(small, "crmdesk/core/planted.py", '_("Planted at {time}")\n')
    catalogue = house.catalogue(small, language)
    catalogue.add("Planted at {time}", translation, flags=flags)
    with (small / "translations" / language / "LC_MESSAGES" / "crmdesk.po").open("wb") as file:
        write_po(file, catalogue)
    assert [line for line in house.untranslated(small, language) if "Planted at" in line and complaint in line]
