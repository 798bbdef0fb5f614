"""A regulation pack is damaged on an installed PC: the program starts with a clear sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.__main__ import main
from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.paths import resource
from crmdesk.core.settings import Settings
from crmdesk.rules import packs, policies
from crmdesk.services import doctor, office

Damage = Callable[[str, Callable[[bytes], bytes]], None]


@pytest.fixture
def damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Damage]:
    """Spoil one pack file of a copy of the shipped ones; the program reads the copy."""
    folder = tmp_path / "policies"
    shutil.copytree(resource("policies"), folder)

    def moved(*parts: str) -> Path:
        return folder.joinpath(*parts[1:]) if parts[0] == "policies" else resource(*parts)

    def spoil(name: str, change: Callable[[bytes], bytes]) -> None:
        path = folder / name
        path.write_bytes(change(path.read_bytes()))
        forget()

    for module in (packs, policies):
        monkeypatch.setattr(module, "resource", moved)
    yield spoil
    forget()


def forget() -> None:
    """Let the packs be read again."""
    policies.shipped.cache_clear()
    office._checked_packs.cache_clear()


DAMAGES = {
    "a word nobody knows": ("factory.toml", lambda raw: raw.replace(b'held = "planned"', b'held = "sworn"', 1), "held"),
    "not UTF-8": ("bank.toml", lambda raw: raw.replace("銀行".encode(), "銀行".encode("big5"), 1), "UTF-8"),
    "cut off": ("hotel.toml", lambda raw: raw[: len(raw) // 2], "hotel.toml"),
    "a clause twice": ("tours.toml", lambda raw: raw.replace(b'"TOUR-02"', b'"TOUR-01"', 1), "TOUR-01"),
    "a matter of nowhere": ("matters.toml", lambda raw: raw.replace(b"CMP-72.", b"CMP-999.", 1), "CMP-999"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_the_doctor_names_the_file_and_the_reason(kind: str, damage: Damage, clock: FixedClock) -> None:
    file, change, words = DAMAGES[kind]
    damage(file, change)
    findings = doctor.diagnose(Settings(language="en"), "sqlite:///none.db", clock)
    broken = [finding for finding in findings if finding.topic == "Regulation"]
    assert len(broken) == 1 and not broken[0].ok and broken[0].advice
    assert file in broken[0].text and words in broken[0].text


def test_the_doctor_looks_at_an_office_with_a_broken_pack(
    damage: Damage, clock: FixedClock, database_url: str
) -> None:
    damage("factory.toml", lambda raw: raw.replace(b"[pack]", b"[pakc]", 1))
    findings = doctor.diagnose(Settings(language="en"), database_url, clock)
    wrong = [finding.topic for finding in findings if not finding.ok]
    assert "Regulation" in wrong and "Data" not in wrong


def test_the_command_says_it_too(damage: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    damage("factory.toml", lambda raw: raw.replace(b'held = "planned"', b"held = 7", 1))
    assert main(["--language", "en", "clauses"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "factory.toml" in said.err and "held" in said.err


def test_the_program_starts_with_a_clear_sentence(
    qtbot: QtBot, qapp: QApplication, damage: Damage, clock: FixedClock, sqlite_database_url: str
) -> None:
    damage("factory.toml", lambda raw: raw.replace(b'held = "planned"', b'held = "sworn"', 1))
    settings = Settings(language="en", database_url=sqlite_database_url)
    settings.windows["configured"] = True
    program = Program(qapp, settings, clock)
    try:
        with qtbot.waitSignal(program.ready):
            program.start()
        assert program.login.pane == "trouble"
        words = program.login.trouble.sentence.text()
        assert "factory.toml" in words and "sworn" in words and "Traceback" not in words
        damage("factory.toml", lambda raw: raw.replace(b'held = "sworn"', b'held = "planned"', 1))
        with qtbot.waitSignal(program.ready):
            program.open()  # "Try again", once the file is whole
        assert program.login.pane != "trouble" and program.ctx.policy.active
    finally:
        program.close()
