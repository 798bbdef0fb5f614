"""The command line: ``crmdesk`` opens the program, its sub-commands do one thing and end.

Mostly nothing is asked for, and a window is waited for: what reads commands is imported when there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from crmdesk import __version__, commands
from crmdesk.core.i18n import LANGUAGES, _

if TYPE_CHECKING:
    import argparse

    Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, its help in the language in force."""
    import argparse

    from crmdesk.rules.clauses import HELD

    top = argparse.ArgumentParser(prog="crmdesk", description=_("The customer desk of a small office."))
    top.add_argument("--version", action="version", version=f"CRM Desk {__version__}")
    _common(top)
    sub = top.add_subparsers(dest="command", metavar="")

    _add(sub, "doctor", commands.run_doctor, _("Say what the program stands on and what is wrong."))

    clauses = _add(sub, "clauses", commands.run_clauses, _("Say how each clause of the regulation is held, by pack."))
    clauses.add_argument("--pack", default="", metavar="NAME", help=_("Name the clauses of this pack."))
    clauses.add_argument("--held", default="", choices=HELD, metavar="KIND", help=_("Name the clauses held this way."))

    imports = _add(sub, "import", commands.run_import, _("Import customers or items from CSV or XLSX, all or nothing."))
    imports.add_argument("what", choices=("customers", "items"))
    imports.add_argument("file")
    imports.add_argument("--dry-run", action="store_true", help=_("Check the file and write nothing."))
    already = _("What to do with rows that are there already.")
    imports.add_argument("--existing", choices=("refuse", "update"), default="refuse", help=already)
    imports.add_argument("--user", default="", help=_("Sign-in name that stands in the history."))

    sample = _add(sub, "sample", commands.run_sample, _("Fill an empty database with the sample office."))
    sample.add_argument("--seed", type=int, default=1, help=_("Another number gives another office."))

    tour = _add(sub, "tour", commands.run_tour, _("Show one office day: pictures of each step and every paper."))
    tour.add_argument("--out", required=True, metavar="DIR")
    tour.add_argument("--seed", type=int, default=1, help=_("Another number gives another office."))
    tour.add_argument("--theme", choices=("light", "dark"), default="light")

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
    args: Any = parser().parse_args(given) if given else SimpleNamespace(database="", language="")
    commands.prepare(args)
    work: Command | None = getattr(args, "work", None)
    if work is not None:
        return work(args)
    if not commands.has_display():
        return commands.say_no_display()
    from crmdesk.app import run

    return run(database=args.database, speak=args.language)


if __name__ == "__main__":
    sys.exit(main())
