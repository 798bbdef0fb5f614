"""The rules of the house as functions: each takes a tree and returns its complaints, none when all is well.

``tests/test_house.py`` asks them about the program, ``tests/test_planted.py`` about copies with one thing spoilt.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh_TW", "zh_CN")
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

TOP_LEVEL = {
    *("pyproject.toml", "constraints.txt", "README.md", "Makefile", "build_installer.spec", "LICENSE", ".gitignore"),
    *("crmdesk", "resources", "translations", "tests", "bench", ".ci"),
}
# What tools leave behind; .gitignore names the same.
LEAVINGS = {
    *(".git", ".venv", "build", "dist", "__pycache__", "crmdesk.egg-info", ".coverage"),
    *(".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", ".import_linter_cache"),
}

LINES = 420  # "about 400"
LONGER = {
    "crmdesk/db/migrations/versions/0001_first_schema.py": "a migration is one step, generated from the model",
}

# Put together here so that this file does not complain about itself.
STRANGERS = re.compile(
    "|".join(
        (
            r"(?<![\w.])/(?:work|root|Users/\w+|home/(?:user|node|runner))/",
            r"(?:\.\./|/|\b)share" + r"d/",
            r"(?:py" + r"pi\.org|python" + r"hosted|npm" + r"js\.|deb" + r"ian\.org|python" + r"-wheels)",
        )
    )
)
PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
REASONED = re.compile(r"# type: ignore\[[a-z-, ]+\]  # \S")


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files of a tree that belong to the project, in order, without what tools leave behind."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - LEAVINGS)
        for name in sorted(names):
            if name not in LEAVINGS and (not suffixes or name.endswith(suffixes)):
                yield Path(folder, name)


def run(root: Path, *arguments: str) -> tuple[int, str]:
    """Run a Python tool in a tree, seeing that tree's own ``crmdesk``; returns exit code and what it said."""
    environment = {**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def broken_contracts(root: Path) -> list[str]:
    """Return the names of the import contracts of ``pyproject.toml`` that the tree breaks."""
    code, said = run(
        root, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    broken = re.findall(r"^(.+) BROKEN\b", said, re.MULTILINE)
    return broken or ([] if code == 0 else [said])


def ruff(root: Path) -> list[str]:
    """Return what ruff has against the tree."""
    code, said = run(root, "-m", "ruff", "check", "--no-cache", "--output-format=concise", ".")
    return said.splitlines() if code else []


def mypy(root: Path, *arguments: str) -> list[str]:
    """Return what mypy has against the tree's program, or against the files named."""
    code, said = run(root, "-m", "mypy", "--no-error-summary", *arguments)
    return said.splitlines() if code else []


def strangers(root: Path) -> list[str]:
    """Return the lines that name a machine's folders, another project's folder or a package registry."""
    found = []
    for path in files(root):
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a font, a picture, a spreadsheet
        for number, line in enumerate(lines, 1):
            match = STRANGERS.search(line)
            if match:
                found.append(f"{path.relative_to(root).as_posix()}:{number}: {match[0]}")
    return found


def long_files(root: Path) -> list[str]:
    """Return the Python files that are too long, and the exceptions nobody needs any more."""
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files(root, ".py")
    }
    found = [f"{name}: {n} lines" for name, n in lengths.items() if n > LINES and name not in LONGER]
    return found + [f"{name}: needs no exception" for name in LONGER if lengths.get(name, 0) <= LINES]


def habits(root: Path) -> list[str]:
    """Return where the program's code breaks a habit that no linter knows."""
    found = []
    for path in files(root / "crmdesk", ".py"):
        name, code = path.relative_to(root).as_posix(), path.read_text("utf-8")
        for number, line in enumerate(code.splitlines(), 1):
            if "# type: ignore" in line and not REASONED.search(line):
                found.append(f"{name}:{number}: a type is ignored without the reason beside it")
        for node in ast.walk(ast.parse(code)):
            complaint = _habit(node, name)
            if complaint:
                found.append(f"{name}:{getattr(node, 'lineno', 0)}: {complaint}")
    return found


def _habit(node: ast.AST, file: str) -> str | None:
    if isinstance(node, ast.ExceptHandler):
        everything = node.type is None or (isinstance(node.type, ast.Name) and "Exception" in node.type.id)
        silent = all(isinstance(line, ast.Pass) for line in node.body)
        return "an error is swallowed" if everything and silent else None
    if not isinstance(node, ast.Call):
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in {"_", "N_", "ngettext", "pgettext"}:
        built = [a for a in node.args[:2] if isinstance(a, ast.JoinedStr | ast.BinOp)]
        formatted = [a for a in node.args if isinstance(a, ast.Call) and getattr(a.func, "attr", "") == "format"]
        return "a text is put together before it is translated" if built or formatted else None
    if called == "connect":
        for lambda_ in (a for a in node.args if isinstance(a, ast.Lambda)):
            if any(isinstance(n, ast.Name) and n.id == "self" for n in ast.walk(lambda_.body)):
                return "a lambda in connect() holds self; connect a bound method"
    if called in {"now", "utcnow", "today"} and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id in {"datetime", "date"} and file != "crmdesk/core/clock.py":
            return "the time is asked of the clock in the context"
    return None


def texts(root: Path) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return the texts that the program shows: (context, singular) -> (singular, plural?)."""
    found = {}
    extracted = extract_from_dir(root / "crmdesk", [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, context in extracted:
        forms = message if isinstance(message, tuple) else (message,)
        found[context, forms[0]] = forms
    return found


def catalogue(root: Path, language: str) -> Catalog:
    """Read a language's catalogue."""
    with (root / "translations" / language / "LC_MESSAGES" / "crmdesk.po").open("rb") as file:
        return read_po(file, locale=language)


def untranslated(root: Path, language: str) -> list[str]:
    """Return the texts that lack a translation, have an uncertain one, or lost a ``{field}`` in it."""
    known = catalogue(root, language)
    found = []
    for (context, singular), forms in sorted(texts(root).items(), key=str):
        message = known.get(singular, context)
        if message is None or not all(_strings(message)):
            found.append(f"{language}: not translated: {singular!r}")
        elif message.fuzzy:
            found.append(f"{language}: uncertain: {singular!r}")
        elif any(_fields(string) != _fields(forms[-1]) for string in _strings(message)):
            found.append(f"{language}: other fields: {singular!r} -> {message.string!r}")
    return found


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)


def _fields(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("{{", "").replace("}}", "")))
