"""The works of the program that are measured, each with its floor and its target (TARGETS)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count, cycle
from pathlib import Path
from typing import Any

from bench import data, floors, phone, reports
from bench.due import due
from bench.engines import Bare
from bench.measure import Pair, Row, Target, measure, summary
from bench.today import board as today_board
from crmdesk.core.names import initials, query_plan
from crmdesk.services.context import Context

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Sizes:
    """How much data: the full measurement, or the quick one."""

    customers: int = 200_000
    month: int = 200_000
    imported: int = 100_000
    labels: int = 1000
    repeats: int = 60
    starts: int = 9


QUICK = Sizes(customers=10_000, month=10_000, imported=10_000, labels=100, repeats=12, starts=2)


@dataclass
class Place:
    """What the works run on: folders, and on an engine the office with a bare connection beside it."""

    folder: Path
    sizes: Sizes
    engine: str = ""
    ctx: Context = None  # type: ignore[assignment]  # works without an engine never ask
    bare: Bare = None  # type: ignore[assignment]  # set by the works that need it
    sample: tuple[Path, str] | None = None  # the sample office's home and its manager's password
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def size(self, what: str) -> str:
        """Return how much data there is, in words for the name of a work."""
        number = getattr(self.sizes, what)
        return f"{number // 1000} k" if number < 10**6 else f"{number // 10**6} M"

    def within(self, milliseconds: int, *, at_million: int) -> Target:
        """Return the target of a search: a million customers may take longer."""
        most = milliseconds if self.sizes.customers < 10**6 else at_million
        return Target(f"<= {most} ms", most=most)


Work = Callable[[Place], Row | list[Row]]


# papers and windows: no engine ------------------------------------------------------------------------------------


def slip(place: Place) -> Row:
    """A sales slip of 12 lines on its three copies."""
    from crmdesk.printing import sales_slip

    texts = floors.texts_of(lambda: sales_slip.render(data.a_slip(1)))

    def product() -> None:
        sales_slip.render(data.a_slip(next(place.numbers)))

    pair = Pair(product, lambda: _nothing(floors.draw(texts, (683, 397))))
    target = Target("<= 2 x floor", ratio=2)
    return measure("slip, three copies, 12 lines, to PDF", "-", pair, place.sizes.repeats, target)


def label(place: Place) -> Row:
    """A carton label with Code 128 and QR."""
    from crmdesk.core.codes import PaperCode, bar_text, qr_text
    from crmdesk.printing import carton_label

    texts = floors.texts_of(lambda: carton_label.render(data.a_label(1)))

    def bare() -> None:
        code = PaperCode("B", data.a_label(next(place.numbers)).number, 2)
        floors.draw(texts, (283, 425), (bar_text(code), qr_text(code)))

    pair = Pair(lambda: _nothing(carton_label.render(data.a_label(next(place.numbers)))), bare)
    target = Target("<= 1.5 x floor", ratio=1.5)
    return measure("label 100 x 150, Code 128 and QR, to PDF", "-", pair, place.sizes.repeats, target)


def labels(place: Place) -> Row:
    """Many labels in one job."""
    from crmdesk.core.codes import PaperCode, bar_text, qr_text
    from crmdesk.printing import carton_label

    number = place.sizes.labels
    texts = floors.texts_of(lambda: carton_label.render(data.a_label(1)))

    def product() -> None:
        carton_label.render_many([data.a_label(next(place.numbers)) for _label in range(number)])

    def bare() -> float:
        began = time.perf_counter()
        codes = [PaperCode("B", data.a_label(next(place.numbers)).number, 2) for _label in range(number)]
        floors.draw_many(texts, (283, 425), [(bar_text(code), qr_text(code)) for code in codes])
        return (time.perf_counter() - began) * 1000

    target = Target("<= 1.2 x floor", ratio=1.2)
    return measure(f"{number} labels, one job", "-", Pair(product, bare), 1, target, warm=0)


def start(place: Place) -> list[Row]:
    """From the command to the sign-in window, and to the main window; without the time of typing the password."""
    ask = _starts(place)
    bare: list[float] = []
    paint: list[float] = []
    usable: list[float] = []
    entered: list[float] = []
    for number in range(1 + place.sizes.starts):
        empty, said = ask("empty"), ask("login")
        if number:  # the first compiles the modules, as an installation does
            bare.append(empty["paint"])
            paint.append(said["paint"])
            usable.append(said["usable"] - (said["enter"] - said["people"]))
            entered.append(said["usable"] - said["enter"])
    four = Target("<= 4 x empty window", ratio=4)
    return [
        summary("start to first paint (sign-in)", "-", paint, bare, Target("<= 1.3 x empty window", ratio=1.3)),
        summary("start to usable main window", "-", usable, bare, four),
        summary("of that, Enter in the password to the window", "-", entered, bare, four),
    ]


def memory(place: Place) -> Row:
    """What the program holds after every page of the sample office was opened, in MiB."""
    ask = _starts(place)
    pair = Pair(lambda: ask("memory")["memory"], lambda: ask("memory-empty")["memory"])
    return measure("memory after every window (MiB)", "-", pair, 1, Target("<= 180 MiB", most=180), warm=0)


def _starts(place: Place) -> Callable[[str], dict[str, float]]:
    """Return what runs a program of ``bench.start``: what it said, moments as milliseconds since the command."""
    home, password = sample_home(place)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    # Every installation has its modules compiled; here they are kept apart from the source tree.
    environment = kept | {"CRMDESK_HOME": str(home), "PYTHONPYCACHEPREFIX": str(place.folder / "compiled")}

    def ask(mode: str) -> dict[str, float]:
        command = [sys.executable, "-m", "bench.start", mode, password]
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise RuntimeError(f"the program did not start: {done.stderr[-2000:]}")
        said = json.loads(done.stdout.splitlines()[-1])
        return {name: value if name == "memory" else (value - began) * 1000 for name, value in said.items()}

    return ask


def sample_home(place: Place) -> tuple[Path, str]:
    """Make the sample office once, in a home of its own."""
    if place.sample is None:
        from crmdesk.core import address
        from crmdesk.core.clock import SystemClock
        from crmdesk.core.settings import Settings, save_settings
        from crmdesk.services import sample, setup

        home = place.folder / "home"
        before, os.environ["CRMDESK_HOME"] = os.environ.get("CRMDESK_HOME"), str(home)
        try:
            clock, settings = SystemClock(), Settings(language="zh_TW", station="manager")
            db = setup.open_database(address.default_url(), clock, create=True)
            form = setup.SetupForm("zh_TW", "天竺工坊", "TWD", "manager", "", "boss", "林經理", data.PASSWORD)
            sample.fill_sample(setup.create_office(db, settings, clock, form))
            db.close()
        finally:
            os.environ.pop("CRMDESK_HOME")
            if before is not None:
                os.environ["CRMDESK_HOME"] = before
        settings.windows |= {"configured": True, "last_login": "boss"}
        save_settings(settings, home / "config" / "settings.json")
        place.sample = home, data.PASSWORD
    return place.sample


# on an engine -----------------------------------------------------------------------------------------------------


def by_tail(place: Place) -> Row:
    """Find a caller by the last six digits."""
    from crmdesk.services.customer_search import find_people

    tails = cycle(phone.tails(place))

    def product() -> None:
        find_people(place.ctx, next(tails))

    pair = Pair(product, lambda: floors.find_by_tail(place.bare, next(tails)))
    return _on(place, f"find by phone tail among {place.size('customers')}", pair, place.within(3, at_million=5))


def by_name(place: Place) -> Row:
    """Find a customer by two characters of the name."""
    return _by_text(place, "two characters", lambda name: name[:2])


def by_initials(place: Place) -> Row:
    """Find a customer by the initials of the name's reading."""
    return _by_text(place, "initials", lambda name: initials(name).lower())


def _by_text(place: Place, words: str, part: Callable[[str], str]) -> Row:
    from crmdesk.services.customer_search import find_people

    names = [person.name for person in data.people(40, seed=data.SEED)]
    texts = cycle([part(name) for name in names])
    keys = cycle([query_plan(part(name))[0][0] for name in names])
    pair = Pair(
        lambda: _nothing(find_people(place.ctx, next(texts))), lambda: floors.find_by_key(place.bare, next(keys))
    )
    return _on(place, f"find by {words} among {place.size('customers')}", pair, place.within(5, at_million=10))


def commit(place: Place) -> Row:
    """The smallest transaction of the bare driver: what this machine asks for a promise, whoever makes it."""
    return _on(place, "smallest commit of the bare driver", Pair(lambda: floors.commit(place.bare)), Target("-"))


def create(place: Place) -> Row:
    """Register a customer with a phone."""
    from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
    from crmdesk.services.customers import create_customer

    def product() -> None:
        number = 10_000_000 + next(place.numbers)
        create_customer(
            place.ctx, CustomerForm("陳美玲", kind="retail", phones=(PhoneEntry(f"09{number:08d}"),)),
            confirmed={"same_phone", "same_name"},
        )  # fmt: skip

    pair = Pair(product, lambda: floors.create_customer(place.bare))
    return _on(place, "create a customer with phone", pair, Target("<= 5 ms", most=5))


def call(place: Place) -> Row:
    """Complete a call of a stranger."""
    from crmdesk.services.calls import CallForm, save_call

    def product() -> None:
        number = 20_000_000 + next(place.numbers)
        form = CallForm(
            phone=f"09{number:08d}", name="陳美玲", region="台中市", topic="stock", matter="問 925 細鍊手鍊補貨",
            rings=2, read_back=("phone", "name", "matter"),
        )  # fmt: skip
        save_call(place.ctx, form, complete=True)

    return _on(place, "save a call", Pair(product, lambda: floors.save_call(place.bare)), Target("<= 6 ms", most=6))


STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assign", {"heard": True, "asked": True, "department": "品管"}),
    ("investigate", {}),
    ("propose", {"upheld": True, "cause": "扣頭太薄", "proposal": "換新", "remedy": "exchange", "loss": Decimal(1280)}),
    ("approve", {}),
    ("carry_out", {}),
    ("tell", {"reply": "換新並致歉"}),
    ("call_back", {"satisfied": True}),
    ("close", {"followed": True, "replied": True, "recorded": True}),
)


def complaint(place: Place) -> Row:
    """Open a complaint and take it through all its states: nine transactions."""
    from crmdesk.services import complaints

    colleague = data.colleague_of(place.ctx)  # nobody decides what they asked for

    def product() -> None:
        number = next(place.numbers)
        reply = place.ctx.clock.now() + timedelta(hours=5)
        form = complaints.ComplaintForm(f"陳美玲{number}", f"手鍊扣頭斷裂 {number}", reply, story="戴一天就斷")
        made = complaints.register_complaint(place.ctx, form)
        version = made.version
        for action, values in STEPS:
            more = {"handler": place.ctx.user.id} if action == "assign" else {}
            taker = colleague if action == "propose" else place.ctx
            version = complaints.act(taker, made.id, version, action, values | more)

    pair = Pair(product, lambda: floors.walk_complaint(place.bare, len(STEPS)))
    return _on(place, f"complaint through its states ({len(STEPS) + 1} commits)", pair, Target("<= 20 ms", most=20))


def imported(place: Place) -> Row:
    """Fill the empty office: the first file is the measurement, the others are the data of all the rest."""
    number = place.sizes.imported
    path = data.write_people(place.folder / f"floor-{place.engine}.csv", number, data.SEED + 1)
    results: list[float] = []

    def product() -> float:
        results.append(data.add_customers(place.ctx, place.folder, number, data.SEED).seconds * 1000)
        return results[-1]

    rate = 10_000 if place.engine == "sqlite" else 6_000
    target = Target(f">= {rate} rows/s", most=number / rate * 1000)
    row = measure(
        f"import {number // 1000} k customers, all checks", place.engine,
        Pair(product, lambda: floors.import_people(place.bare, path)), 1, target, warm=0,
    )  # fmt: skip
    place.bare.write([("DELETE FROM customer WHERE code LIKE ?", ("Y%",))])
    for seed in range(1, -(-place.sizes.customers // data.CHUNK) + 1):
        have = place.bare.read("SELECT count(*) FROM customer")[0][0]
        if have < place.sizes.customers:
            data.add_customers(place.ctx, place.folder, min(data.CHUNK, place.sizes.customers - have), data.SEED + seed)
    return row


def _on(place: Place, work: str, pair: Pair, target: Target, n: int = 0) -> Row:
    return measure(work, place.engine, pair, n or place.sizes.repeats, target)


def _nothing(result: object) -> None:
    """Take what a work returns and say nothing: the round is timed as a whole."""


#: Name for ``--only``, the work; these run once.
ALONE: tuple[tuple[str, Work], ...] = (
    ("start first paint usable window", start),
    ("memory", memory),
    ("phone ring hand over", phone.hand_over),
    ("slip paper", slip),
    ("label paper", label),
    ("labels paper job", labels),
    ("due latest_start", due),
)
#: These run on each engine, on one office; the import fills it.
ON_ENGINE: tuple[tuple[str, Work], ...] = (
    ("import customers", imported),
    ("find phone tail", by_tail),
    ("find name", by_name),
    ("find initials", by_initials),
    ("phone keystroke list", phone.keystroke),
    ("phone call window form", phone.call_window),
    ("phone ring answer window", phone.answer),
    ("phone card customer", phone.card),
    ("phone duplicates typing", phone.duplicates),
    ("commit floor", commit),
    ("create customer", create),
    ("save call", call),
    ("complaint states", complaint),
    ("month", reports.month_figures),
    ("compliance clauses", reports.kept_clauses),
    ("today board", today_board),
)
