"""Staff accounts (員工帳號) and the log of sign-in attempts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Root


class StaffMember(Root, Base):
    """A person who works with the program: roles say what they may do (see ``rules.rights``)."""

    __tablename__ = "staff"
    KIND = "staff"
    QUIET: ClassVar[frozenset[str]] = frozenset({"password_hash", "failed_count", "slow_until"})

    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    roles: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    failed_count: Mapped[int] = mapped_column(default=0)
    slow_until: Mapped[datetime | None]


class SignInAttempt(Base):
    """One try to sign in, right or wrong (SEC): who, where, when."""

    __tablename__ = "sign_in_attempt"

    at: Mapped[datetime] = mapped_column(index=True)
    login: Mapped[str] = mapped_column(String(40))
    station: Mapped[str] = mapped_column(String(60))
    succeeded: Mapped[bool]
