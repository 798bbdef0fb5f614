"""An address as it is compared, and the key under which the same one is found again, however it is written."""

from __future__ import annotations

import re
from hashlib import blake2b

from crmdesk.core.names import fold

LEAST = 6  # letters of an address that can be one door
_SECTION = re.compile("[一二三四五六七八九](?=段)")  # 忠孝東路四段 is 4段
_POSTCODE = re.compile(r"^\d{3,6}(?=\D)")
_DIGIT = re.compile(r"\d")


def place(address: str) -> str:
    """Return an address as it is compared: one script, half-width, without the postcode, sections in digits."""
    where = fold(address)
    if where[:1].isdigit():
        where = _POSTCODE.sub("", where)
    if "段" in where:
        where = _SECTION.sub(lambda found: str("一二三四五六七八九".index(found[0]) + 1), where)
    return where


def address_key(address: str) -> str:
    """Return the search key of an address; '' for one that names no door (a town, a street without a number)."""
    if len(address) < LEAST:
        return ""
    where = place(address)
    if len(where) < LEAST or not _DIGIT.search(where):
        return ""
    return "a:" + blake2b(where.encode(), digest_size=7).hexdigest()
