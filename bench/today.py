"""The Today board of one person among very many open records and ten times as many closed ones."""

from __future__ import annotations

from typing import Any

from bench.engines import Bare
from bench.measure import Pair, Row, Target, measure
from crmdesk.services.context import User
from crmdesk.services.today import get_board

HANDLERS = 10
DAY = 86_400
NOW = "2026-11-22 01:41:00"


def board(place: Any) -> list[Row]:
    """The board, and the counts of the rail that are read with it."""
    bare, open_ones = place.bare, place.sizes.month
    fill(bare, open_ones, open_ones * 10)
    ctx = place.ctx.acting_as(User(place.ctx.user.id, "handler", "x", ("reception", "complaints")))
    me = bare.read("SELECT min(id) FROM staff")[0][0]

    def product() -> None:
        if len(get_board(ctx).tasks) < 100:
            raise RuntimeError("the board is empty")

    def floor() -> None:
        bare.read(
            "SELECT id, number, caller_name, callback_at FROM call WHERE callback_done_at IS NULL AND callback_at < ?"
            " ORDER BY callback_at LIMIT 40", ("2026-11-29 00:00:00",)
        )  # fmt: skip
        bare.read(
            "SELECT id, number, complainant, next_reply_at FROM complaint WHERE closed_at IS NULL AND handler_id = ?"
            " AND next_reply_at < ? ORDER BY next_reply_at LIMIT 40", (me, "2026-11-29 00:00:00")
        )  # fmt: skip

    words = f"Today board, {open_ones // 1000} k open, {open_ones // 100} k closed"
    return [measure(words, place.engine, Pair(product, floor), place.sizes.repeats, Target("<= 30 ms", most=30))]


def fill(bare: Bare, open_ones: int, closed: int) -> None:
    """Write open and closed calls and complaints, half and half, copied from one of each in the database itself."""
    me = bare.read("SELECT min(id) FROM staff")[0][0]
    for number in range(1, HANDLERS):
        _copy(bare, "staff", 1, {"login": f"'today{number}'", "name": "'x'"})
    first = bare.read("SELECT min(id) FROM staff WHERE login = 'today1'")[0][0]
    handler = f"CASE WHEN n % {HANDLERS} = 0 THEN {me} ELSE {first} + n % {HANDLERS} - 1 END"
    half, done = open_ones // 2, closed // 2
    # From ten days ago to thirty days ahead, as promises stand; and over the last two years what is over.
    soon = _moment(bare, f"(n * 7919) % {40 * DAY} - {10 * DAY}")
    lately = _moment(bare, f"(n * 7919) % {20 * DAY} - {20 * DAY}")
    once = _moment(bare, f"-1 * ((n * 7919) % {700 * DAY}) - {DAY}")
    call = {"started_at": lately, "answered_by_id": str(me)}
    _copy(bare, "call", half, call | {"number": "'TO' || n", "callback_at": soon, "callback_done_at": "NULL"})
    _copy(bare, "call", done, call | {"number": "'TC' || n", "started_at": once, "callback_at": once,
                                      "callback_done_at": once})  # fmt: skip
    states = "CASE n % 4 WHEN 0 THEN 'received' WHEN 1 THEN 'assigned' WHEN 2 THEN 'investigating' ELSE 'proposed' END"
    major = "CASE WHEN n % 500 = 0 THEN 'major' ELSE 'general' END"
    case = {"handler_id": handler}
    _copy(bare, "complaint", half, case | {
        "number": "'TO' || n", "received_at": lately, "stage_at": lately, "next_reply_at": soon, "state": states,
        "severity": major, "closed_at": "NULL", "was_due_at": "NULL",
    })  # fmt: skip
    _copy(bare, "complaint", done, case | {
        "number": "'TC' || n", "received_at": once, "stage_at": once, "next_reply_at": "NULL", "state": "'closed'",
        "closed_at": once, "was_due_at": once,
    })  # fmt: skip
    bare.settle(("call", "complaint", "staff"))


def _moment(bare: Bare, seconds: str) -> str:
    if bare.sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{NOW}', ({seconds}) || ' seconds')"
    return f"timestamptz '{NOW}+00' + ({seconds}) * interval '1 second'"


def _copy(bare: Bare, table: str, count: int, values: dict[str, str]) -> None:
    """Copy a row of a table so many times; ``n`` counts them, ``values`` are what differs."""
    if bare.sqlite:
        columns = [row[1] for row in bare.read(f"PRAGMA table_info({table})") if row[1] != "id"]
        series = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
    else:
        columns = [
            row[0] for row in bare.read(
                "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = 'public'",
                (table,),
            ) if row[0] != "id"
        ]  # fmt: skip
        series = f"WITH s AS (SELECT generate_series(1::bigint, {count}) AS n)"
    taken = ", ".join(values.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    one = f'(SELECT * FROM "{table}" ORDER BY id LIMIT 1)'
    statement = f'INSERT INTO "{table}" ({names}) {series} SELECT {taken} FROM s, {one} t'
    bare.write([(statement if bare.sqlite else statement.replace("%", "%%"), ())])
