"""Fonts of the papers: three vendored families, chosen character by character.

Noto Sans TC has the shapes Taiwan reads, Noto Sans SC those of the mainland, CRM Desk Rare the han of names that
neither has. ReportLab says nothing when a glyph is missing, so :func:`missing_glyphs` must be asked before printing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from threading import RLock
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics, ttfonts

from crmdesk.core.paths import resource

GETA = "〓"
"""Printed in the place of a character that no font has."""

_FILES = {
    ("TC", False): "NotoSansTC-Regular.ttf",
    ("TC", True): "NotoSansTC-Bold.ttf",
    ("SC", False): "NotoSansSC-Regular.ttf",
    ("SC", True): "NotoSansSC-Bold.ttf",
    ("Rare", False): "CRMDeskRare-Regular.ttf",
    ("Rare", True): "CRMDeskRare-Regular.ttf",
}
CHAINS = {"zh_TW": ("TC", "SC", "Rare"), "zh_CN": ("SC", "TC", "Rare"), "en": ("TC", "SC", "Rare")}
_DEFAULT_CHAIN = CHAINS["zh_TW"]

_ASTRAL_HEX = re.compile(r"<([0-9A-F]{5,6})>")
_loading = RLock()
_by_name: dict[str, ttfonts.TTFont] = {}


class Run(NamedTuple):
    """A piece of text that one font can draw; ``advance`` is its width in points at size 1."""

    font: str
    text: str
    advance: float


def _to_unicode_as_utf16(original: Callable[[str, list[int]], str]) -> Callable[[str, list[int]], str]:
    """Wrap ReportLab's ToUnicode writer so that characters beyond U+FFFF are written as UTF-16 pairs.

    ReportLab 5.1 writes 𠮷 as ``<20BB7>``: the paper is right, but copying or searching its text gives another
    character. The PDF standard asks for UTF-16BE, ``<D842DFB7>``.
    """

    def make(fontname: str, subset: list[int]) -> str:
        text = original(fontname, subset)
        return _ASTRAL_HEX.sub(lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>", text)

    make.crmdesk_wrapped = True  # type: ignore[attr-defined]  # a mark on the function: wrapped once
    return make


if not hasattr(ttfonts.makeToUnicodeCMap, "crmdesk_wrapped"):
    ttfonts.makeToUnicodeCMap = _to_unicode_as_utf16(ttfonts.makeToUnicodeCMap)


def load(family: str, bold: bool = False) -> ttfonts.TTFont:
    """Return a vendored font, reading its file on first use only; papers without rare han never read that one.

    One object for each file: two of the same face would collide inside one PDF.
    """
    file = _FILES[family, bold]
    name = file.removesuffix(".ttf")
    font = _by_name.get(name)
    if font is None:
        with _loading:
            font = _by_name.get(name)
            if font is None:
                font = ttfonts.TTFont(name, str(resource("fonts", file)))
                pdfmetrics.registerFont(font)
                _by_name[name] = font
    return font


def by_name(name: str) -> ttfonts.TTFont:
    """Return the font a run names."""
    return _by_name[name]


@lru_cache(maxsize=8_000)
def clean(text: str) -> str:
    """Return a typed text fit for paper: no control, direction or joining characters, ``\\n`` at line ends.

    Direction marks and emoji selectors have no glyph of their own; private-use characters stay, to be reported.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")
    return "".join(
        character
        for character in text
        if character == "\n"
        or not (unicodedata.category(character) in ("Cc", "Cf", "Cs") or "\ufe00" <= character <= "\ufe0f")
    )


@lru_cache(maxsize=20_000)
def _family(character: str, chain: tuple[str, ...]) -> str | None:
    """Return the first family of the chain that has the character, None when no font has it."""
    if unicodedata.category(character) == "Co":
        return None
    code = ord(character)
    for family in chain:
        if code in load(family).face.charToGlyph:
            return family
    return None


@lru_cache(maxsize=8_000)
def runs(text: str, language: str, bold: bool = False) -> tuple[Run, ...]:
    """Split a clean one-line text into runs that one font each can draw; a missing glyph becomes 〓."""
    chain = CHAINS.get(language, _DEFAULT_CHAIN)
    pieces: list[tuple[str, list[str]]] = []
    for character in text:
        family = _family(character, chain)
        if family is None:
            family, character = chain[0], GETA
        if pieces and pieces[-1][0] == family:
            pieces[-1][1].append(character)
        else:
            pieces.append((family, [character]))
    found = []
    for family, characters in pieces:
        font = load(family, bold)
        width_of = font.face.getCharWidth
        advance = sum(width_of(ord(character)) for character in characters) * 0.001
        found.append(Run(font.fontName, "".join(characters), advance))
    return tuple(found)


@lru_cache(maxsize=20_000)
def advance(text: str, language: str, bold: bool = False) -> float:
    """Return the width of a clean text in points at size 1."""
    return sum(run.advance for run in runs(text, language, bold))


def missing_glyphs(text: str) -> list[str]:
    """Return the characters, each once and in order, that no font of ours can print (they would come out as 〓)."""
    return [c for c in dict.fromkeys(clean(text)) if c != "\n" and _family(c, _DEFAULT_CHAIN) is None]
