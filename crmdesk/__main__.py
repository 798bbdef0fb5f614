"""The command line: ``crmdesk`` opens the program, its sub-commands do one thing and end.

Mostly nothing is asked for, and a window is waited for: what reads commands is imported when there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from crmdesk import __version__
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import LANGUAGES, _
from crmdesk.core.rings import SCHEME, Ring, read_link, read_ring

if TYPE_CHECKING:
    import argparse

    Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, its help in the language in force."""
    import argparse

    from crmdesk import commands
    from crmdesk.rules.clauses import HELD

    top = argparse.ArgumentParser(prog="crmdesk", description=_("The customer desk of a small office."))
    top.add_argument("--version", action="version", version=f"CRM Desk {__version__}")
    _common(top)
    sub = top.add_subparsers(dest="command", metavar="")

    doctor = _add(sub, "doctor", commands.run_doctor, _("Say what the program stands on and what is wrong."))
    links = _("Let links crmdesk:call?number=… open this program for you.")
    doctor.add_argument("--register-links", action="store_true", help=links)

    clauses = _add(sub, "clauses", commands.run_clauses, _("Say how each clause of the regulation is held, by pack."))
    clauses.add_argument("--pack", default="", metavar="NAME", help=_("Name the clauses of this pack."))
    clauses.add_argument("--held", default="", choices=HELD, metavar="KIND", help=_("Name the clauses held this way."))

    imports = _add(sub, "import", commands.run_import, _("Import customers or items from CSV or XLSX, all or nothing."))
    imports.add_argument("what", choices=("customers", "items"))
    imports.add_argument("file")
    imports.add_argument("--dry-run", action="store_true", help=_("Check the file and write nothing."))
    already = _(
        "What to do with rows that are there already. In an update an empty cell changes nothing, and a cell that says "
        "(empty) empties the field."
    )
    imports.add_argument("--existing", choices=("refuse", "update"), default="refuse", help=already)
    imports.add_argument("--user", default="", help=_("Sign-in name that stands in the history."))

    sample = _add(sub, "sample", commands.run_sample, _("Fill an empty database with the sample office."))
    sample.add_argument("--seed", type=int, default=1, help=_("Another number gives another office."))

    tour = _add(sub, "tour", commands.run_tour, _("Show one office day: pictures of each step and every paper."))
    tour.add_argument("--out", required=True, metavar="DIR")
    tour.add_argument("--seed", type=int, default=1, help=_("Another number gives another office."))
    tour.add_argument("--theme", choices=("light", "dark"), default="light")

    call = _add(sub, "call", commands.run_call, _("Tell the running program that the telephone rings, or start it."))
    call.add_argument("number", metavar="NUMBER", help=_("The caller's number, or a link crmdesk:call?number=…"))
    call.add_argument("--name", default="", metavar="TEXT", help=_("What the telephone knows of the caller's name."))
    call.add_argument("--line", default="", metavar="TEXT", help=_("Which of the office's numbers was called."))

    _add(sub, "smoke", commands.run_smoke, _("Check that this installation works, on data of its own."))
    return top


def _add(
    sub: argparse._SubParsersAction[argparse.ArgumentParser], name: str, work: Command, text: str
) -> argparse.ArgumentParser:
    made = sub.add_parser(name, help=text, description=text)
    made.set_defaults(work=work)
    _common(made, again=True)
    return made


def _common(target: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The two options that every command takes, before or after its name."""
    import argparse

    default = argparse.SUPPRESS if again else ""
    target.add_argument(
        "--database", metavar="URL", default=default, help=_("Data elsewhere than set, like postgresql://user@server/crmdesk.")
    )
    target.add_argument("--language", choices=LANGUAGES, default=default, help=_("Language of the screens."))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 well, 1 a fault that was named, 2 wrong usage, 3 no display."""
    given = sys.argv[1:] if argv is None else argv
    if given and given[0].startswith(SCHEME):  # a link of the browser or of a telephone program
        given = ["call", *given]
    plain = _plain(given)
    if plain is not None and plain.number and _handed_over(plain):
        return 0
    from crmdesk import commands

    args: Any = plain or parser().parse_args(given)
    commands.prepare(args)
    if plain is not None and plain.number:
        return commands.run_call(args)
    work: Command | None = getattr(args, "work", None)
    if work is not None:
        return work(args)
    return commands.open_program(args)


def _plain(given: Sequence[str]) -> SimpleNamespace | None:
    """Return what is asked for when it needs no parser: nothing, or a call of a number that rings just now."""
    plain = SimpleNamespace(database="", language="", number="", name="", line="")
    if not given:
        return plain
    if given[0] != "call" or len(given) % 2 or given[1].startswith("-"):
        return None
    for option, value in zip(given[2::2], given[3::2], strict=True):
        if option not in ("--name", "--line", "--database"):
            return None
        setattr(plain, option[2:], value)
    plain.number = given[1]
    return plain


def _handed_over(plain: SimpleNamespace) -> bool:
    """Whether the running program took the ring: at every ring a process is started, so it imports next to nothing."""
    from crmdesk.start.handover import OK, door_name, send

    try:
        return send(door_name(plain.database), _ring(plain).message()) == OK
    except UserError:
        return False  # said in the language of this PC by the command


def _ring(plain: SimpleNamespace) -> Ring:
    if plain.number.startswith(SCHEME):
        return read_link(plain.number)
    return read_ring(plain.number, plain.name, plain.line)


if __name__ == "__main__":
    sys.exit(main())
