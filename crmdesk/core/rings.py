"""A telephone that rings: the number, name and line a telephone program hands over, made safe to show and keep.

Read by the small sender of ``crmdesk call`` too, so nothing heavy is imported here.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_plus

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.core.text import clean, half_width

SCHEME = "crmdesk:"
MOST_DIGITS = 24  # fifteen of any number in the world, with prefixes and an extension
NAME_LENGTH, LINE_LENGTH = 80, 40
NUMBER_LENGTH = 40
MOST_BYTES = 4096  # of one message; a telephone program sends some hundred

#: How telephone programs name a caller who hides the number.
WITHHELD = frozenset((
    "anonymous", "unknown", "unavailable", "private", "restricted", "withheld", "blocked", "no number", "p", "o",
    "未顯示", "未显示", "隱藏", "隐藏", "隱藏號碼", "隐藏号码", "無號碼", "无号码", "未知", "未知號碼", "未知号码",
))  # fmt: skip
_ADDRESS = re.compile(r"^(?:tel|sips?|callto):(?://)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"[+]?[\d\s\-‐–—.·/()~]*\d[\d\s\-‐–—.·/()~]*(?:(?:轉接?|转接?|分機|分机|內線|内线|ext(?:ension)?\.?|x|#|,)[\s:.]*\d{1,8})?",
    re.IGNORECASE,
)


class Ring(NamedTuple):
    """One ringing call; ``number`` '' when the caller hides it, ``line`` is the office's number that was called."""

    number: str
    name: str = ""
    line: str = ""

    @property
    def digits(self) -> str:
        """The digits of the number, as they were handed over."""
        return "".join(ch for ch in self.number if ch.isdigit())

    def message(self) -> str:
        """Return the ring as one line for the running program."""
        return "\t".join(("ring", self.number, self.name, self.line))


class Waiting:
    """A ring nobody has taken yet since ``at``: the same number again is counted, not shown a second time.

    ``caller`` is who it probably is (``services.ringing.Caller``), looked up once.
    """

    def __init__(self, ring: Ring, at: datetime, last: datetime) -> None:
        self.ring, self.at, self.last = ring, at, last
        self.times = 1
        self.caller: Any = None


def read_ring(number: str, name: str = "", line: str = "") -> Ring:
    """Return a ring with clean texts; UserError says why a number is none.

    ``tel:`` and ``sip:`` addresses are understood; names keep every script and emoji, but lose what turns text round
    or can't be seen, and what is longer than the field.
    """
    text = half_width(clean(_ADDRESS.sub("", number.strip()).partition("@")[0].partition(";")[0]))
    name, line = clean(name, NAME_LENGTH), clean(line, LINE_LENGTH)
    if not text or text.casefold() in WITHHELD:
        return Ring("", name, line)
    digits = sum(ch.isdigit() for ch in text)
    if digits > MOST_DIGITS:
        raise UserError(
            _("This phone number is too long ({count} digits): nobody can be called so.").format(count=digits)
        )
    if not _NUMBER.fullmatch(text) or len(text) > NUMBER_LENGTH:
        raise UserError(
            _("A phone number has digits only; “{text}” has other characters in it.").format(text=text[:40])
        )
    return Ring(text, name, line)


def read_link(link: str) -> Ring:
    """Return the ring of a link ``crmdesk:call?number=…&name=…&line=…``; UserError when it is none.

    A + in the number is the one before the country; elsewhere it is a space, as web pages write it.
    """
    action, _mark, query = link.removeprefix(SCHEME).lstrip("/").partition("?")
    if not link.startswith(SCHEME) or action.strip("/") != "call":
        raise UserError(_("This link is not understood. It reads crmdesk:call?number=…&name=…&line=…"))
    values: dict[str, str] = {}
    for part in query.split("&"):
        key, _equals, value = part.partition("=")
        if key not in values:
            values[key] = unquote(value) if key == "number" else unquote_plus(value)
    return read_ring(values.get("number", ""), values.get("name", ""), values.get("line", ""))


def read_message(message: str) -> Ring:
    """Return the ring of a line another process sent; UserError when it is none. Nothing it says is trusted."""
    parts = message[:MOST_BYTES].rstrip("\r\n").split("\t")
    if parts[0] != "ring" or len(parts) != 4:
        raise UserError(_("This message is not understood."))
    return read_ring(*parts[1:])
