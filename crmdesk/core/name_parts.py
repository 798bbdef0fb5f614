"""A name taken apart: its comparable form, its Chinese runs with their readings, its Latin words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from crmdesk.core.readings import COMPOUND_SURNAMES, as_surname, everyday

TEXT_LIMIT = 64  # characters of one text that are searchable: names and titles, never memos
SHORT_NAME = 4  # a run up to this length can be found by any single character of it

# Characters that OpenCC leaves alone, or that people can't type and look for by the common form.
_VARIANTS = str.maketrans("锺𠮷峯寳龢甯邨陞眞髙戸塲綫淸犇㐂", "钟吉峰宝和宁村升真高户场线清奔喜")
_JOINTS = "-_./"  # between the parts of a code
_APOSTROPHES = "'’"  # O’Neil is found as oneil too
# Endings every second firm has: found as written, but not by their pinyin.
FIRM_ENDINGS = ("股份有限公司", "有限责任公司", "有限公司", "公司")
# Their pairs of characters are no keys: they would be a fifth of the index and tell nothing.
EVERYBODYS = frozenset(ending[i : i + 2] for ending in FIRM_ENDINGS for i in range(len(ending) - 1))

_HAN_ONLY = re.compile("[\u4e00-\u9fff]+").fullmatch
_FIRST = frozenset({0})

Readings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One text, understood: its Chinese runs, how each character may be read, its Latin words, where it begins."""

    folded: str
    runs: tuple[str, ...]
    starts: tuple[frozenset[int], ...]  # per run: where a word begins, a surname may stand there
    sounds: tuple[tuple[Readings, ...], ...]
    words: tuple[str, ...]
    heads: frozenset[str]  # first letters of the text


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def class_of(ch: str) -> tuple[str, str]:
    """Return (kind, folded form): h Chinese and other scripts, l Latin and digits, z zhuyin, space, mark or nothing."""
    if ch.isascii():
        return ("l", ch) if ch.isalnum() else ("space", "") if ch.isspace() else ("mark", "")
    if "\u3105" <= ch <= "\u312f":
        return "z", ch
    category = unicodedata.category(ch)
    if ch.isspace():
        return "space", ""
    if category.startswith("L") or ch == "〇" or category == "Co":  # Co: characters Taiwan offices made themselves
        plain = "".join(c for c in unicodedata.normalize("NFD", ch) if unicodedata.category(c) != "Mn")
        if plain.isascii() and plain:
            return "l", plain
        return "h", _simplifier()(ch).translate(_VARIANTS)[:1] or ch
    if category.startswith("N"):
        return "h", ch
    if category.startswith("P") or category in ("Sm", "Sk"):
        return "mark", ""
    return "", ""


def normal_form(text: str, limit: int) -> str:
    """Return the text cut to ``limit``, in one Unicode form and lower case."""
    text = text[: limit * 2]
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFC", text.casefold())[:limit]


def fold(text: str) -> str:
    """Return the form in which names are compared: NFKC, lower case, simplified, no spaces, signs or emoji."""
    return "".join([class_of(ch)[1] for ch in normal_form(text, TEXT_LIMIT)])  # a list is built faster


@cache
def _simplified(ch: str) -> str:
    return class_of(ch)[1]


@lru_cache(maxsize=8192)
def parse(text: str) -> Parsed:
    """Take a text apart; the last few thousand are remembered."""
    normal = normal_form(text, TEXT_LIMIT)
    if normal.isascii() and normal.isalnum():  # a code: no need to look at each character
        return Parsed(normal, (), (), (), (normal,), frozenset(normal[0]))
    if _HAN_ONLY(normal):  # a plain Chinese name: the same result as below in a fifth of the time
        chars = "".join(map(_simplified, normal))
        sounds = _sounds(normal, chars, _FIRST)
        heads = frozenset(first_letters(sounds[0])) if sounds else frozenset()
        return Parsed(chars, (chars,), (_FIRST,), (sounds,), (), heads)
    return _parse_mixed(normal)


def _parse_mixed(normal: str) -> Parsed:
    folded = ""
    runs: list[list[tuple[str, str, bool]]] = []
    words: list[str] = []
    code = ""  # a code with its parts joined: W-0042 is found as w0042 too
    tied = False  # by an apostrophe
    previous = ""  # kind of the neighbour, to know where a run or word goes on
    begins = True
    for ch in normal:
        kind, form = class_of(ch)
        folded += form
        if kind == "h" or kind == "z":
            if previous not in ("h", "gap"):
                runs.append([])
                begins = True
            runs[-1].append((ch, form, begins))
            begins = False
            previous = "h"
        elif kind == "l":
            if previous != "l":
                words.append("")
                code = code if previous == "joint" else ""
                tied = tied and bool(code)
            words[-1] += form
            code += form
            previous = "l"
        elif kind and previous in ("h", "gap"):
            begins = True  # a surname may follow; the run goes on, for 王 小美 is one name
            previous = "gap"
        elif kind:
            if len(code) > len(words[-1] if words else "") and previous == "l" and ch not in _JOINTS + _APOSTROPHES:
                _add_code(words, code, tied)
            tied = tied or (previous == "l" and ch in _APOSTROPHES)
            previous = "joint" if previous == "l" and ch in _JOINTS + _APOSTROPHES else "mark"
    _add_code(words, code, tied)
    chars = tuple("".join(part[1] for part in run) for run in runs)
    starts = tuple(frozenset(i for i, part in enumerate(run) if part[2]) for run in runs)
    sounds = tuple(
        _sounds("".join(part[0] for part in run), form, begin)
        for run, form, begin in zip(runs, chars, starts, strict=True)
    )
    heads = frozenset(folded[:1])
    if runs and folded.startswith(chars[0]):
        heads = frozenset(s[0] for s in sounds[0][0]) if sounds[0] else frozenset()
    return Parsed(folded, chars, starts, sounds, tuple(words), heads)


def _add_code(words: list[str], code: str, tied: bool = False) -> None:
    if words and code not in words and (tied or any(ch.isdigit() for ch in code)):
        words.append(code)


@cache
def _spoken(ch: str, form: str, begins: bool) -> Readings:
    usual = as_surname(form) if begins else everyday(form)
    return usual if ch == form else tuple(dict.fromkeys(usual + everyday(ch)))


@cache
def first_letters(readings: Readings) -> Readings:
    """Return the different letters that some readings begin with."""
    return tuple(dict.fromkeys(s[0] for s in readings))


def _sounds(run: str, folded: str, starts: frozenset[int]) -> tuple[Readings, ...]:
    """Return the readings of each character of a run, without the ending every firm has."""
    if len(run) > 4 and folded.endswith("公司"):
        run = run[: -next(len(e) for e in FIRM_ENDINGS if folded.endswith(e))]
    found = [_spoken(ch, form, False) for ch, form in zip(run, folded, strict=False)]
    for i in starts:
        if i >= len(found):
            continue
        found[i] = _spoken(run[i], folded[i], True)
        pair = COMPOUND_SURNAMES.get(folded[i : i + 2])
        if pair and i + 1 < len(found):
            found[i] = tuple(dict.fromkeys((pair[0], *found[i])))
            found[i + 1] = tuple(dict.fromkeys((pair[1], *found[i + 1])))
    return tuple(found)


def single_characters(parsed: Parsed) -> set[str]:
    """The characters that find this text alone: all of a short name, the first of each word of a longer text."""
    found: set[str] = set()
    for run, starts in zip(parsed.runs, parsed.starts, strict=True):
        found.update(run if len(run) <= SHORT_NAME else (run[i] for i in starts))
    return found


def code_number(word: str) -> str:
    """The number a code ends in, without leading zeros: C00123 → 123; empty for words without one."""
    digits = word[len(word.rstrip("0123456789")) :]
    return digits.lstrip("0")[-6:] if digits.isascii() else ""
