"""Checklists: templates of the office's own, lists in use, and who ticked what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Json, Root, staff_reference

STANDS = text("undone_at IS NULL")
OPEN = text("state = 'open'")


class ChecklistTemplate(Root, Base):
    """A list as the manager wrote it; one with the key of a pack's list stands in its place."""

    __tablename__ = "checklist_template"
    KIND = "checklist_template"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[dict[str, Any]]  # by language
    lines: Mapped[list[Any]] = mapped_column(Json)
    clause: Mapped[str] = mapped_column(String(20), default="")
    desk: Mapped[str] = mapped_column(String(20), default="")
    daily: Mapped[bool] = mapped_column(default=False)
    times: Mapped[str] = mapped_column(String(60), default="")
    each_station: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Checklist(Root, Base):
    """One list in use: title and lines as they were when it was begun, whatever becomes of the template."""

    __tablename__ = "checklist"
    __table_args__ = (
        # The database itself keeps a list from being begun on two PCs at once.
        Index("uq_checklist_turn", "day", "key", "station", "turn", unique=True),
        Index("ix_checklist_record", "kind", "record_id"),
        Index("ix_checklist_open", "begun_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    KIND = "checklist"
    QUIET: ClassVar[frozenset[str]] = frozenset({"title", "lines"})

    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))  # its title as the one who began it read it
    title: Mapped[dict[str, Any]]
    lines: Mapped[list[Any]] = mapped_column(Json)
    clause: Mapped[str] = mapped_column(String(20), default="")
    desk: Mapped[str] = mapped_column(String(20), default="")
    day: Mapped[date]
    station: Mapped[str] = mapped_column(String(60), default="")  # empty: the whole office has one
    turn: Mapped[int] = mapped_column(default=1)  # the how-manieth of its day
    kind: Mapped[str] = mapped_column(String(20), default="")  # the record it belongs to, if any
    record_id: Mapped[int | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(8), default="open")
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(String(60))
    begun_by_id: Mapped[int | None] = staff_reference()
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(60), default="")
    done_by_id: Mapped[int | None] = staff_reference()


class ChecklistTick(Base):
    """Somebody's word on one line: ticked, or found not in order; taken back it stays, with who took it back."""

    __tablename__ = "checklist_tick"
    __table_args__ = (
        Index(
            "uq_checklist_tick_line", "checklist_id", "line", unique=True, sqlite_where=STANDS, postgresql_where=STANDS
        ),
    )
    KIND = "checklist"
    ROOT = "checklist_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"photo"})

    checklist_id: Mapped[int] = mapped_column(Id, ForeignKey("checklist.id", ondelete="CASCADE"))
    line: Mapped[str] = mapped_column(String(40))
    fault: Mapped[bool] = mapped_column(default=False)  # not in order: the note says what
    at: Mapped[datetime]
    by_id: Mapped[int | None] = staff_reference()
    by: Mapped[str] = mapped_column(String(60))
    station: Mapped[str] = mapped_column(String(60))
    second_at: Mapped[datetime | None]
    second_id: Mapped[int | None] = staff_reference()
    second: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)  # JPEG
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(60), default="")
