"""Where a line may end: Latin words and numbers stay whole, no closing mark starts a line, no opening mark ends one.

ReportLab's own CJK wrapping breaks inside ``NT$1,234,567`` and puts ``，`` at the start of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable

CLOSING = frozenset("、。，．：；？！）〕］｝〉》」』】〗…‥·％‰°℃”’,.:;?!)]}%～—々ー")
OPENING = frozenset("（〔［｛〈《「『【〖“‘([{#＃＄￥$")

# Everything below the han and kana blocks that is not a space is one token with its neighbours: words, numbers, codes.
_TOKEN = re.compile(r"\n| +|[^\s\u1100-\U0003ffff‘’“”…—]+|.", re.DOTALL)
_INNER_BREAK = re.compile(r"(?<=[-/_.@,&+])")


def tokens(text: str) -> list[str]:
    """Split a text into pieces between which a line may end (spaces and line feeds are pieces of their own)."""
    pieces: list[str] = []
    for token in _TOKEN.findall(text):
        if pieces and token[0] not in " \n" and pieces[-1][-1] not in " \n":
            before = pieces[-1]
            if all(character in CLOSING for character in token) or before[-1] in OPENING:
                pieces[-1] = before + token
                continue
        pieces.append(token)
    return pieces


def wrap(text: str, measure: Callable[[str], float], width: float) -> list[str]:
    """Break a text into lines no wider than ``width`` in the unit of ``measure``; only spaces at breaks are lost.

    A single token wider than a line is broken after ``-/_.@,`` if that helps, otherwise anywhere.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for token in tokens(text):
        if token == "\n":
            lines.append(line.rstrip())
            line, used = "", 0.0
            continue
        size = measure(token)
        if used + size <= width + 1e-6:
            line, used = line + token, used + size
            continue
        if token[0] == " ":
            continue
        if line.strip():
            lines.append(line.rstrip())
            line, used = "", 0.0
        while size > width + 1e-6:
            head = _head(token, measure, width)
            lines.append(head)
            token = token[len(head) :]
            size = measure(token)
        line, used = token, size
    lines.append(line.rstrip())
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _head(token: str, measure: Callable[[str], float], width: float) -> str:
    """Return the longest start of an over-wide token that fits, at least one character."""
    best = ""
    for part in _INNER_BREAK.split(token):
        if measure(best + part) > width:
            break
        best += part
    if best:
        return best
    low, high = 1, len(token) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measure(token[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return token[:low]
