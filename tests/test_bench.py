"""The bench itself: one work, measured quickly, says what it should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import COLUMNS, main
from bench.measure import Target


def test_one_work_prints_its_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bench.json"
    assert main(["--quick", "--only", "label", "--json", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "smaller data" in printed
    assert COLUMNS in printed
    assert "label 100 x 150" in printed
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert len(rows) == 2
    for row in rows:
        assert set(row) == {"work", "engine", "n", "median_ms", "p95_ms", "floor_ms", "target", "met"}
        assert 0 < row["median_ms"] <= row["p95_ms"]
        assert row["floor_ms"] > 0
        assert isinstance(row["met"], bool)


def test_a_target_is_met_by_milliseconds_and_by_ratio() -> None:
    assert Target("", most=3).met(3, None) is True
    assert Target("", ratio=2).met(21, 10) is False
    assert Target("", most=30, ratio=2).met(25, 10) is False
    assert Target("").met(1, 1) is None
