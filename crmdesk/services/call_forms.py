"""What the phone desk writes and reads, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from crmdesk.services.records import StoryLine

ANSWERED = 0  # in the place of an owner: the matter was answered at once, nobody has to follow it


class MatterEntry(NamedTuple):
    """A matter of a call with who follows it: a staff id, or ANSWERED.

    The first entry of a call is the call's own matter and has no text of its own.
    """

    text: str = ""
    owner_id: int = ANSWERED
    department: str = ""


@dataclass(frozen=True)
class CallForm:
    """What is written down about a call (CALL-06).

    ``topic`` is a key of TOPICS, or empty with the reason in the caller's words; ``read_back`` are the ticks of
    CALL-07 (phone, name, address, matter); ``callback_at`` and ``started_at`` are UTC, ``started_at`` None is now.
    ``outcome`` and ``channel`` are keys of the rules' OUTCOMES and CHANNELS; ``line`` is the office's number called.
    """

    phone: str = ""
    name: str = ""
    region: str = ""
    address: str = ""
    topic: str = ""
    matter: str = ""
    reason: str = ""
    urgency: str = "normal"
    direction: str = "in"
    rings: int = 0
    apologised: bool = False
    read_back: tuple[str, ...] = ()
    callback_at: datetime | None = None
    customer_id: int | None = None
    started_at: datetime | None = None
    transferred_to: str = ""
    passed_on: str = ""
    escalated_to_id: int | None = None
    caller_hung_up_first: bool = False
    channel: str = "phone"
    line: str = ""
    outcome: str = ""
    opinion: str = ""
    opinion_department: str = ""
    matters: tuple[MatterEntry, ...] = ()
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


class Saved(NamedTuple):
    """A call after saving: its number, its new version, and where it stands."""

    id: int
    number: str
    version: int
    state: str


class Unmet(NamedTuple):
    """Something that keeps a call from being completed: the field, the sentence, the clause that asks."""

    field: str
    sentence: str
    clause: str


@dataclass(frozen=True)
class CallCard:
    """One call with everything its window shows; moments are UTC."""

    id: int
    version: int
    number: str
    form: CallForm
    state: str
    state_title: str
    answered_by: str
    customer_name: str
    finished_at: datetime | None
    callback_done_at: datetime | None
    callback_result: str
    escalated_to: str
    instruction: str
    handled_at: datetime | None
    tries: int
    opinion_passed_at: datetime | None
    story: tuple[StoryLine, ...]
