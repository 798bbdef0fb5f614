"""What several papers have in common: the letterhead, the mark of a reprint, photos with their rings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Office:
    """The letterhead; ``currency`` is an ISO code, ``language`` that of the paper."""

    name: str
    subtitle: str = ""
    address: str = ""
    phone: str = ""
    currency: str = "TWD"
    language: str = "zh_TW"
    tax_number: str = ""


@dataclass(frozen=True)
class Reprint:
    """The mark of a later print of the same paper: which one, when (local), by whom."""

    number: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Ring:
    """A numbered ring on a photo, at fractions (0 … 1) of its width and height."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Photo:
    """A photo (JPEG or PNG bytes) with the rings that show what is to be repaired."""

    image: bytes
    rings: tuple[Ring, ...] = ()
    number: int = 1
    count: int = 1
    taken_on: date | None = None
