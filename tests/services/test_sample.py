"""The sample office: complete, consistent, and the same for the same seed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crmdesk.core.address import file_of
from crmdesk.core.clock import FixedClock
from crmdesk.db.engine import sqlite_url
from crmdesk.db.session import Database
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.item import Item
from crmdesk.model.packing import Packing
from crmdesk.model.sale import LedgerEntry, Sale
from crmdesk.services.context import Context, User
from crmdesk.services.missed_calls import find_missed
from crmdesk.services.month import get_month
from crmdesk.services.sample import SAMPLE_PASSWORD, fill_sample
from crmdesk.services.staff import find_staff, sign_in
from crmdesk.services.today import get_board
from crmdesk.services.visits import VisitForm, check_in, find_visits, get_visit
from tests.conftest import SUNDAY_MORNING, TAIPEI, make_context


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample office on SQLite, made once; each test works on its copy."""
    path = tmp_path_factory.mktemp("sample") / "office.db"
    shutil.copy(sqlite_template, path)
    db = Database(sqlite_url(path))
    fill_sample(make_context(db, FixedClock(SUNDAY_MORNING, TAIPEI)))
    db.close()
    return path


@pytest.fixture
def sample(filled: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Context]:
    """The sample office as its manager sees it."""
    db = Database(sqlite_url(Path(shutil.copy(filled, tmp_path / "sample.db"))))
    yield make_context(db, clock)
    db.close()


def test_the_sample_is_a_whole_office(sample: Context) -> None:
    with sample.reading() as session:
        counts = {
            m: session.scalar(select(func.count()).select_from(m)) or 0 for m in (Customer, Item, Call, Sale, Event)
        }
        assert counts[Customer] >= 300
        assert counts[Item] >= 400
        assert min(counts[Call], counts[Sale], counts[Event]) > 400
        names = "".join(session.scalars(select(Customer.name)))
        assert all(rare in names for rare in ("單", "尉遲", "𠮷"))
        alone = select(func.count()).where(Packing.customer_present.is_(False), Packing.second_id.is_(None))
        assert session.scalar(alone) == 0
        assert (
            session.scalar(select(func.count()).where(Complaint.state != "closed", Complaint.next_reply_at.is_(None)))
            == 0
        )
        last = session.scalar(select(func.max(Event.at)))
        assert last is not None
        assert last <= sample.clock.now()
    assert sign_in(sample, "wangxiaomei", SAMPLE_PASSWORD).name == "王小美"


def test_little_of_the_days_before_is_still_to_do(sample: Context) -> None:
    people = {row.login: row for row in find_staff(sample)}
    mei = people["wangxiaomei"]
    board = get_board(sample.acting_as(User(mei.id, mei.login, mei.name, mei.roles)))
    overdue = [task.duty for task in board.group("overdue")]
    assert overdue.count("follow_missing") <= 1
    assert len(overdue) < 10
    assert {"missed_call", "matter_answer"} & {task.duty for task in board.tasks}
    assert [row.phone for row in find_missed(sample)]
    with sample.reading() as session:
        filled = session.scalars(select(Customer.filled).order_by(Customer.filled)).all()
        tree = session.scalar(select(func.count()).where(Customer.referrer_id.is_not(None))) or 0
    assert filled[0] < 15
    assert filled[-1] > 70
    assert tree > 5


def test_balances_are_what_slips_and_payments_say(sample: Context) -> None:
    with sample.reading() as session:
        owed = session.scalar(select(func.sum(LedgerEntry.amount)))
        slips = session.execute(select(func.sum(Sale.total), func.sum(Sale.paid))).one()
    assert owed == slips[0] - slips[1]


def test_numbers_go_on_where_the_sample_ends(sample: Context) -> None:
    visit = get_visit(sample, check_in(sample, VisitForm("游大成")))
    today = [row.number for row in find_visits(sample)]
    assert today.count(visit.number) == 1


def test_each_month_has_its_figures(sample: Context) -> None:
    for back in (10, 9):
        figures = get_month(sample, 2026, back).figures
        for key in ("calls", "greeted", "turnover", "packed", "repairs_in", "complaints"):
            assert figures[key].value, f"{key} of month {back}"


def test_the_same_seed_gives_the_same_office(sample: Context, sqlite_database_url: str) -> None:
    again, other = (_slips_of_another(sqlite_database_url, seed) for seed in (1, 2))
    assert _slips(sample) == again
    assert again != other


def _slips_of_another(url: str, seed: int) -> list[Any]:
    office = file_of(url)
    assert office is not None
    copy = office.with_name(f"{seed}.db")
    shutil.copy(office, copy)
    db = Database(sqlite_url(copy))
    told = _slips(fill_sample(make_context(db, FixedClock(SUNDAY_MORNING, TAIPEI)), seed))
    db.close()
    return told


def _slips(ctx: Context) -> list[Any]:
    with ctx.reading() as session:
        return list(session.execute(select(Sale.number, Sale.total, Sale.customer_id)).all())
