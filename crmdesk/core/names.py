"""The one normal form for finding people and things by name, stored as short keys beside each record.

**Kinds of keys.** Keys are at most eight characters, and begin with what they speak of, so kinds never collide:

======  ==========================================================  ==========================
prefix  holds                                                       陳大文, Mary, C00123
======  ==========================================================  ==========================
``h:``  two neighbouring characters, simplified; single characters  h:陈大 h:大文 h:陈 h:大 h:文
        of names up to four characters and the first of longer ones
``p:``  the pinyin of one character, every reading                  p:chen p:da p:wen
``i:``  first letters of two and of three neighbouring syllables;   i:cd i:dw i:cdw i:^c
        ``^`` anchors the first letter of the text
``w:``  a Latin word or code by its first 2, 4 and 6 letters, and   w:ma w:mary
        the number a code ends in                                   w:c0 w:c001 w:c00123 w:123
======  ==========================================================  ==========================

**Finding.** `query_plan` turns what was typed into alternatives (OR), each a list of keys that must all be there
(AND), the rarest first; alternatives of a single key can be asked for with one ``IN``. Keys promise candidates,
not truth: `matches` decides on the record's texts, `score` orders. What matches is always among the candidates.

**What may be typed.** Words parted by spaces must all be found, in any of the texts. A word is Chinese in either
script (any part of it), pinyin from any character on with whole syllables or first letters mixed (chendawen, chendw,
cdw, zhxm), zhuyin in the same way (ㄔㄉㄨ, ㄔㄣㄉㄚ), the beginning of a Latin word or code, or the number of a code.
One letter finds texts that begin with it; 有限公司 alone finds nobody, every second firm ends so. Zhuyin needs no keys
of its own: its candidates come from those of pinyin.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from crmdesk.core.name_parts import (
    EVERYBODYS,
    FIRM_ENDINGS,
    TEXT_LIMIT,
    Parsed,
    class_of,
    code_number,
    first_letters,
    fold,
    normal_form,
    parse,
    single_characters,
)
from crmdesk.core.readings import INITIALS, SYLLABLES, zhuyin, zhuyin_syllables

__all__ = ["fold", "initials", "matches", "query_plan", "score", "search_keys"]

QUERY_LIMIT = 40
KEY_LIMIT = 200
ALTERNATIVES = 24


def search_keys(*texts: str) -> frozenset[str]:
    """Return the keys to store beside a record that is to be found by these texts (name, company, code …).

    Texts count in their order, the most important first: at most ``KEY_LIMIT`` keys come back.
    """
    keys: set[str] = set()
    for text in texts:
        if text:
            keys |= _keys_of(parse(text[:TEXT_LIMIT]))
            if len(keys) > KEY_LIMIT:
                return frozenset(sorted(keys, key=_rarity)[:KEY_LIMIT])
    return frozenset(keys)


def _keys_of(parsed: Parsed) -> set[str]:
    keys = {"i:^" + head for head in parsed.heads}
    keys.update(["h:" + ch for ch in single_characters(parsed)])
    for run in parsed.runs:
        keys.update(["h:" + run[i : i + 2] for i in range(len(run) - 1) if run[i : i + 2] not in EVERYBODYS])
    for sounds in parsed.sounds:
        letters = [first_letters(readings) for readings in sounds]
        if all(len(readings) == 1 for readings in sounds):
            line = "".join(readings[0] for readings in letters)
            keys.update(["p:" + readings[0] for readings in sounds])
            keys.update(["i:" + line[i : i + 2] for i in range(len(line) - 1)])
            keys.update(["i:" + line[i : i + 3] for i in range(len(line) - 2)])
            continue
        for readings in sounds:
            keys.update(["p:" + syllable for syllable in readings])
        for i in range(len(letters) - 1):
            keys.update(["i:" + a + b for a in letters[i] for b in letters[i + 1]])
            if i + 2 < len(letters):
                keys.update(["i:" + a + b + c for a, b, c in product(*letters[i : i + 3])])
    for word in parsed.words:
        keys.update(["w:" + word[:n] for n in (2, 4, 6) if len(word) >= n])
        if len(word) == 1:
            keys.add("w:" + word)
        if number := code_number(word):
            keys.add("w:" + number)
    return keys


# --- what was typed -------------------------------------------------------------------------------------------------

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word of the query, of one script; ``tokens`` are the ways to read it as syllables and first letters."""

    kind: str  # h, l or z
    text: str
    tokens: tuple[Tokens, ...] = ()


@lru_cache(maxsize=256)
def _pieces(query: str) -> tuple[_Piece, ...]:
    pieces: list[tuple[str, str]] = []
    previous = ""
    for ch in normal_form(query, QUERY_LIMIT).replace("ü", "v"):
        kind, form = class_of(ch)
        if not kind or ch in "ˊˇˋ˙ˉ'’":  # tones, and the apostrophe of xi'an
            continue
        if kind in ("space", "mark"):
            previous = ""
        elif kind == previous:
            pieces[-1] = (kind, pieces[-1][1] + form)
        else:
            pieces.append((kind, form))
            previous = kind
    telling = [
        (kind, text)
        for kind, text in dict.fromkeys(pieces)
        if not (len(text) > 1 and any(text in ending for ending in FIRM_ENDINGS))
    ]
    return tuple(_Piece(kind, text, _readings_of(kind, text)) for kind, text in telling)


def _readings_of(kind: str, text: str) -> tuple[Tokens, ...]:
    if kind == "z":
        spellings = zhuyin_syllables()
        return _segment(text, frozenset(spellings), frozenset(s[0] for s in spellings))
    if kind == "l" and text.isascii() and text.isalpha():
        ways = _segment(text, SYLLABLES, INITIALS)
        passport = text.replace("lyu", "lv").replace("nyu", "nv")  # ü as passports write it
        return ways if passport == text else tuple(dict.fromkeys(ways + _segment(passport, SYLLABLES, INITIALS)))
    return ()


def _segment(text: str, syllables: frozenset[str], initials: frozenset[str], ways: int = 6) -> tuple[Tokens, ...]:
    """Return the likeliest ways to part letters into syllables and first letters; the last may be half typed."""
    best: list[list[tuple[float, Tokens]]] = [[] for _ in text] + [[(0.0, ())]]
    for start in range(len(text) - 1, -1, -1):
        found: dict[Tokens, float] = {}
        for end in range(start + 1, min(start + 6, len(text)) + 1):
            token = text[start:end]
            if token in syllables:
                cost = 1.0
            elif token in initials:
                cost = 1.6
            elif end == len(text) and any(s.startswith(token) for s in syllables):
                cost = 1.2
            else:
                continue
            for rest_cost, rest in best[end]:
                found[(token, *rest)] = cost + rest_cost
        best[start] = sorted(((c, t) for t, c in found.items()), key=lambda way: way[0])[:ways]
    found_ways = [tokens for _cost, tokens in best[0]]
    if len(text) <= 6 and all(ch in initials for ch in text):
        found_ways.append(tuple(text))
    return tuple(dict.fromkeys(found_ways))


def _fits(token: str, last: bool, syllables: frozenset[str] | dict[str, str], spelling: str) -> bool:
    """Whole syllables must be equal, first letters and the one still being typed may be a beginning."""
    if last or token not in syllables or len(token) == 1:
        return spelling.startswith(token)
    return spelling == token


def _sounds_like(piece: _Piece, parsed: Parsed) -> bool:
    zh = piece.kind == "z"
    syllables: frozenset[str] | dict[str, str] = zhuyin_syllables() if zh else SYLLABLES
    for sounds in parsed.sounds:
        for tokens in piece.tokens:
            if len(tokens) == 1 and len(piece.text) == 1:
                continue
            for start in range(len(sounds) - len(tokens) + 1):
                if all(
                    any(
                        _fits(token, i == len(tokens) - 1, syllables, zhuyin(s) if zh else s) for s in sounds[start + i]
                    )
                    for i, token in enumerate(tokens)
                ):
                    return True
    return False


def _found_in(piece: _Piece, parsed: Parsed) -> bool:
    text = piece.text
    if piece.kind == "h":
        if len(text) == 1:
            return text in single_characters(parsed)
        return any(text in run for run in parsed.runs)
    if piece.kind == "z" and any(text in run for run in parsed.runs):  # ㄚ明 is written with one
        return len(text) > 1 or text in single_characters(parsed)
    if len(text) == 1 and piece.kind == "z":
        return _zhuyin_begins(text, parsed)
    if len(text) == 1 and text.isalpha():
        return text in parsed.heads or text in parsed.words
    if piece.kind == "l" and any(_word_fits(text, word) for word in parsed.words):
        return True
    return _sounds_like(piece, parsed)


def _word_fits(text: str, word: str) -> bool:
    if len(text) == 1:
        return word == text or code_number(word) == text
    return word.startswith(text) or (text.isdigit() and text.isascii() and code_number(word) == text.lstrip("0"))


def _zhuyin_begins(symbol: str, parsed: Parsed) -> bool:
    if not parsed.sounds or not parsed.sounds[0] or not parsed.folded.startswith(parsed.runs[0]):
        return False
    first = parsed.sounds[0][0]
    return any(zhuyin(s).startswith(symbol) for s in first)


@cache
def _letter(symbol: str) -> str:
    """The pinyin letter of syllables that begin with a zhuyin symbol: ㄓ → z, ㄩ → y; empty when there is none."""
    return next((pinyin[0] for spelling, pinyin in zhuyin_syllables().items() if spelling.startswith(symbol)), "")


def query_plan(query: str) -> list[list[str]]:
    """Return alternatives, each the keys that must all be stored, the rarest first; empty: nothing to look for."""
    pieces = _pieces(query)
    if len(pieces) > 1:  # one letter beside longer words narrows nothing: `matches` looks at it
        pieces = tuple(p for p in pieces if p.kind == "h" or len(p.text) > 1) or pieces[:1]
    plans = sorted((_piece_plan(piece) for piece in pieces), key=len)
    if not plans or not plans[0]:
        return []
    chosen = plans[0]
    for plan in plans[1:]:
        if plan and len(chosen) * len(plan) <= ALTERNATIVES:
            chosen = [list(dict.fromkeys(a + b)) for a in chosen for b in plan]
        elif not plan:
            return []
    return [sorted(keys, key=_rarity) for keys in _as_one_name(pieces) + chosen]


def _as_one_name(pieces: tuple[_Piece, ...]) -> list[list[str]]:
    """Return alternatives for syllables typed apart, chen da wen: as one name they are far rarer than each word."""
    if len(pieces) < 2 or len({piece.kind for piece in pieces}) > 1 or not all(piece.tokens for piece in pieces):
        return []
    tokens = tuple(token for piece in pieces for token in piece.tokens[0])
    return _token_plans(pieces[0].kind, tokens)


def _rarity(key: str) -> int:
    """Rank of how many records share a key, the rarest first: Han pairs, three first letters, syllables …"""
    kind, value = key[0], key[2:]
    if kind == "h":
        return 0 if len(value) == 2 else 6
    if kind == "i":
        return 8 if value[0] == "^" else 1 if len(value) == 3 else 4
    return (5 if len(value) <= 2 else 2) if kind == "w" else 3


def _piece_plan(piece: _Piece) -> list[list[str]]:
    text = piece.text
    found: list[list[str]] = []
    if piece.kind != "l":
        pairs = [text[i : i + 2] for i in range(max(len(text) - 1, 1))]
        found.append(["h:" + pair for pair in dict.fromkeys(pairs) if pair not in EVERYBODYS])
    if piece.kind == "h":
        return found
    if piece.kind == "l":
        if len(text) == 1 and text.isalpha():
            return [["i:^" + text], ["w:" + text]]
        found.append(["w:" + text[: max(n for n in (1, 2, 4, 6) if len(text) >= n)]])
        if text.isdigit() and (number := code_number(text)):
            found.append(["w:" + number])
    elif len(text) == 1:
        return [*found, ["i:^" + _letter(text)]] if _letter(text) else found
    for tokens in piece.tokens:
        found.extend(_token_plans(piece.kind, tokens))
    return _without_narrower(found)


def _token_plans(kind: str, tokens: Tokens) -> list[list[str]]:
    spellings = zhuyin_syllables() if kind == "z" else None
    if len(tokens) == 1:
        names = spellings.items() if spellings else ((s, s) for s in SYLLABLES)
        return [["p:" + pinyin] for spelling, pinyin in sorted(names) if spelling.startswith(tokens[0])]
    letters = "".join(_letter(token[0]) if spellings else token[0] for token in tokens)
    size = 3 if len(tokens) > 2 else 2
    keys = ["i:" + letters[i : i + size] for i in range(len(letters) - size + 1)]
    whole: Iterable[str] = (token for token in tokens[:-1] if len(token) > 1)
    keys += ["p:" + (spellings[t] if spellings else t) for t in whole if t in (spellings or SYLLABLES)]
    return [list(dict.fromkeys(keys))]


def _without_narrower(plans: list[list[str]]) -> list[list[str]]:
    """Drop alternatives that only narrow another one."""
    kept: list[list[str]] = []
    for plan in sorted(plans, key=len):
        if not any(set(other) <= set(plan) for other in kept):
            kept.append(plan)
    return kept


def matches(query: str, *texts: str) -> bool:
    """Return whether every word typed is found in one of the texts; empty queries match nothing."""
    pieces = _pieces(query)
    if not pieces:
        return False
    parsed = [parse(text[:TEXT_LIMIT]) for text in texts if text]
    return all(any(_found_in(piece, one) for one in parsed) for piece in pieces)


def score(query: str, *texts: str) -> int:
    """Return how well a query meets a record's texts, the most important first: 0 no match, 100 the very name."""
    if not matches(query, *texts):
        return 0
    pieces, wanted = _pieces(query), "".join(piece.text for piece in _pieces(query))
    best = 20
    for place, text in enumerate(texts):
        parsed = parse(text[:TEXT_LIMIT])
        if not parsed.folded:
            continue
        if parsed.folded == wanted:
            value = 100
        elif any(piece.kind != "h" and _whole_sound(piece, parsed) for piece in pieces):
            value = 80
        elif parsed.folded.startswith(wanted):
            value = 85
        elif wanted in parsed.folded:
            value = 65
        elif parsed.heads & {pieces[0].text[0], _letter(pieces[0].text[0]) if pieces[0].kind == "z" else ""}:
            value = 50
        else:
            value = 25
        best = max(best, value - 3 * min(place, 4))
    return best


def _whole_sound(piece: _Piece, parsed: Parsed) -> bool:
    """Whether the letters typed spell the whole name, not only a part of it."""
    lengths = {len(sounds) for sounds in parsed.sounds}
    exact = tuple(tokens for tokens in piece.tokens if len(tokens) in lengths)
    return bool(exact) and _sounds_like(_Piece(piece.kind, piece.text, exact), parsed)


def initials(text: str) -> str:
    """Return the first letters of a name as people type them: 單大文 → sdw, Mary Chen → mc."""
    parsed = parse(text[:TEXT_LIMIT])
    if parsed.sounds:
        return "".join(readings[0][0] for readings in parsed.sounds[0] if readings)
    return "".join(word[0] for word in parsed.words)
