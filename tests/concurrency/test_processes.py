"""Several programs on one database: gapless numbers, and nothing half-written after kill -9."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.history import HistoryEntry
from crmdesk.services.context import Context

ROOT = Path(__file__).resolve().parents[2]


def start(url: str, name: str, count: int) -> subprocess.Popen[str]:
    """Start a writer that waits for a line on its input."""
    command = [sys.executable, "-m", "tests.concurrency.writer", url, name, str(count)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "ready"
    return child


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def test_three_programs_take_numbers_without_gap_or_double(ctx: Context, database_url: str) -> None:
    children = [start(database_url, f"pc{n}", 15) for n in range(3)]
    for child in children:
        go(child)
    taken = [int(line) for child in children for line in child.communicate(timeout=60)[0].split()]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(taken) == list(range(1, 46))


def test_without_the_counter_row_the_race_shows(ctx: Context) -> None:
    """The negative control: reading the highest number and adding one gives the same number twice."""
    readers = []
    for _pc in range(2):
        with ctx.reading() as session:
            readers.append((session.scalar(select(func.max(Customer.id))) or 0) + 1)
    assert readers[0] == readers[1]


@pytest.mark.timeout(180)
def test_kill_at_any_moment_loses_nothing_confirmed_and_leaves_no_half(ctx: Context, database_url: str) -> None:
    moments = random.Random(925)
    confirmed: list[int] = []
    for round_ in range(6):
        child = start(database_url, f"round{round_}", 10_000)
        go(child)
        assert child.stdout is not None
        for _line in range(moments.randrange(1, 25)):
            confirmed.append(int(child.stdout.readline()))
        for _spin in range(moments.randrange(0, 40_000)):
            pass  # a random moment inside the next save, without waiting on the clock
        child.kill()
        confirmed += [int(line) for line in child.communicate()[0].split()]
    with ctx.reading() as session:
        codes = set(session.scalars(select(Customer.code)))
        phones = session.scalar(select(func.count()).select_from(CustomerPhone))
        told = session.scalar(select(func.count()).where(HistoryEntry.kind == "customer"))
        last = session.execute(text("SELECT value FROM counter WHERE series = 'stress'")).scalar_one()
        assert {f"S{number:06d}" for number in confirmed} <= codes
        assert phones == 2 * len(codes)
        assert told == len(codes)
        assert codes == {f"S{number:06d}" for number in range(1, last + 1)}
        if ctx.db.is_sqlite:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
