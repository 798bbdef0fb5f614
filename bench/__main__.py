"""The command line of the bench: measure, print the table, write the JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench import data, works
from bench.engines import ENGINES, Bare, place
from bench.measure import Row
from crmdesk.core import i18n

QUICK_SECONDS = 50
WORK_SECONDS, OFFICE_SECONDS = 9, 19  # what a work, or an engine's office, and tidying up take of it on a busy machine

Take = Callable[[Row | list[Row]], None]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the bench's command line."""
    made = argparse.ArgumentParser(prog="python -m bench", description="Measure the program beside the barest code.")
    made.add_argument("--quick", action="store_true", help=f"a tenth of the data, within {QUICK_SECONDS} s")
    made.add_argument("--only", default="", metavar="WORD", help="only works whose name has this word")
    made.add_argument("--json", metavar="FILE", help="write the rows there too")
    made.add_argument("--engine", choices=ENGINES, help="only this engine")
    made.add_argument("--customers", type=int, metavar="N", help="so many customers, like 1000000")
    made.add_argument("--month", type=int, metavar="N", help="so many calls, and as many records of other desks")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every work ran, whether or not its target is met."""
    args = parser().parse_args(argv)
    sizes = works.QUICK if args.quick else works.Sizes()
    sizes = replace(sizes, customers=args.customers or sizes.customers, month=args.month or sizes.month)
    i18n.set_language("zh_TW")
    began = time.monotonic()
    rows: list[Row] = []
    left_out: list[str] = []

    def take(found: Row | list[Row]) -> None:
        for row in found if isinstance(found, list) else [found]:
            rows.append(row)
            print(_line(row), flush=True)

    def in_time(name: str, needs: int = WORK_SECONDS) -> bool:
        """Whether there is time for one more work; on a busy machine the quick measurement leaves some out."""
        fine = not args.quick or time.monotonic() - began < QUICK_SECONDS - needs
        if not fine:
            left_out.append(name)
        return fine

    print(_heading(sizes, quick=args.quick), flush=True)
    with tempfile.TemporaryDirectory(prefix="crmdesk-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        stage = works.Place(home, sizes)
        for name, work in works.ALONE:
            if args.only in name and in_time(name):
                take(work(stage))
        chosen = [(name, work) for name, work in works.ON_ENGINE if args.only in name]
        for engine in ENGINES if args.engine is None else (args.engine,):
            if chosen and in_time(engine, OFFICE_SECONDS):
                run_engine(engine, home, sizes, chosen, take, in_time)
    missed = [row.work for row in rows if row.met is False]
    print(f"\n{len(rows)} rows in {time.monotonic() - began:.0f} s; {len(missed)} over target")
    if left_out:
        print(f"Left out, the time was up: {', '.join(left_out)}")
    if args.json:
        Path(args.json).write_text(json.dumps([row.as_json() for row in rows], indent=1), encoding="utf-8")
    return 0 if rows else 2


def run_engine(
    engine: str,
    folder: Path,
    sizes: works.Sizes,
    chosen: Sequence[tuple[str, works.Work]],
    take: Take,
    in_time: Callable[[str], bool],
) -> None:
    """Measure works on a new office of one engine."""
    with place(engine, folder) as url:
        ctx = data.make_office(url)
        bare = Bare(url)
        try:
            stage = works.Place(folder, sizes, engine, ctx, bare)
            filled = works.imported(stage)
            if any(work is works.imported for _name, work in chosen):
                take(filled)
            data.fill_month(bare, sizes.month)
            for name, work in chosen:
                if work is not works.imported and in_time(f"{name} ({engine})"):
                    take(work(stage))
        finally:
            bare.close()
            ctx.db.close()


_FIGURES = f"{'n':>3} {'best':>9} {'median':>9} {'p95':>9} {'floor':>9} {'ratio':>6}"
COLUMNS = f"{'work':48} {'engine':10} {_FIGURES}  {'target':22} met"


def _heading(sizes: works.Sizes, *, quick: bool) -> str:
    size = f"{sizes.customers:,} customers, {sizes.month:,} calls and as many records of the other desks; milliseconds"
    note = "Quick: smaller data than the targets are meant for. " if quick else ""
    return f"{note}{size}\n\n{COLUMNS}\n{'-' * len(COLUMNS)}"


def _line(row: Row) -> str:
    floor = f"{row.floor_ms:9.2f}" if row.floor_ms is not None else f"{'-':>9}"
    ratio = f"{row.ratio:6.2f}" if row.ratio is not None else f"{'-':>6}"
    met = {True: "yes", False: "NO", None: "-"}[row.met]
    figures = f"{row.n:3} {row.best_ms:9.2f} {row.median_ms:9.2f} {row.p95_ms:9.2f} {floor} {ratio}"
    return f"{row.work:48} {row.engine:10} {figures}  {row.target:22} {met}"


if __name__ == "__main__":
    sys.exit(main())
