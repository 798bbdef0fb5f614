"""What people type or paste, made safe to keep: one Unicode form, no invisible characters, plain spaces."""

from __future__ import annotations

import re
import unicodedata

from crmdesk.core.i18n import ngettext

# Kept although Unicode calls them "format": they join the parts of one emoji or one Indic letter.
_JOINERS = "\u200c\u200d"
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\x21-\x7e\u3400-\u9fff]+(?: [\x21-\x7e\u3400-\u9fff]+)*")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def clean(text: str, max_length: int | None = None) -> str:
    """Return one line of typed text: NFC, without control and bidi characters, single spaces, stripped.

    ``max_length`` cuts (whole characters); ask `check_length` first where cutting must not be silent.
    """
    if not _PLAIN.fullmatch(text):
        text = _SPACES.sub(" ", _visible(text).replace("\n", " ")).strip()
    return text if max_length is None else text[:max_length].rstrip()


def clean_lines(text: str, max_length: int | None = None) -> str:
    """Return a memo like `clean`, but with its line ends kept (at most one empty line in a row)."""
    text = _visible(_LINE_ENDS.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return text if max_length is None else text[:max_length].rstrip()


def _visible(text: str) -> str:
    """Tabs become spaces; control, bidi, byte-order and lone surrogate characters vanish; the rest is composed."""
    kept = []
    for ch in _LINE_ENDS.sub("\n", text):
        category = unicodedata.category(ch)
        if ch in "\n\t":
            kept.append(ch)
        elif category in ("Cc", "Cs", "Cn") or (category == "Cf" and ch not in _JOINERS and not ord(ch) >= 0xE0020):
            continue
        else:
            kept.append(ch)
    return unicodedata.normalize("NFC", "".join(kept))


def storable(text: str) -> str:
    """Return the text without NUL and half characters, which no database keeps; nothing else is touched."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits, signs and spaces made half-width; Chinese stays."""
    return text.translate(_FULL_WIDTH)


def shorten(text: str, length: int) -> str:
    """Return at most ``length`` characters, the last one an ellipsis when something was left out."""
    text = clean(text)
    if len(text) <= length:
        return text
    return text[: max(length - 1, 0)].rstrip() + "…" if length > 0 else ""


def check_length(text: str, max_length: int) -> str | None:
    """Return a sentence for the field when the text is too long, else None."""
    over = len(clean_lines(text)) - max_length
    if over <= 0:
        return None
    return ngettext(
        "This text is too long by {count} character; at most {limit} fit here.",
        "This text is too long by {count} characters; at most {limit} fit here.",
        over,
    ).format(count=over, limit=max_length)
