"""What all records share: the declarative base, exact money, aware time, version, and how a record names itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, DateTime, ForeignKey, Integer, MetaData, String, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware inside the program, UTC in the database on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: a naive time is a bug that would shift a deadline by hours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must be aware")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """Money: Decimal in the program, whole hundredths in the database, so sums are exact on both engines."""

    impl = BigInteger
    cache_ok = True
    HUNDREDTH: ClassVar[Decimal] = Decimal("0.01")

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Store hundredths; anything finer is rounded half up first."""
        if value is None:
            return None
        if isinstance(value, float):
            raise ValueError("money is Decimal, never float")
        return int(Decimal(value).quantize(self.HUNDREDTH, ROUND_HALF_UP) * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return Decimal with two places."""
        return None if value is None else (Decimal(int(value)) / 100).quantize(self.HUNDREDTH)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare and add with other amounts as amounts."""
        return self


Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


def key_type(length: int) -> Any:
    """Return a text type that sorts by bytes on both engines, so that a prefix is a range of its index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Base of all tables; relationships that were not loaded raise instead of asking the database again."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        date: Date(),
        Decimal: Amount(),
        dict[str, Any]: Json,
        list[str]: Json,
    }

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)

    # Which record of the history a row belongs to: a root names itself, a child names its root.
    KIND: ClassVar[str] = ""
    ROOT: ClassVar[str] = ""  # for child rows: the attribute that holds the root's id
    # Fields that never enter the history: derived, secret, or large.
    QUIET: ClassVar[frozenset[str]] = frozenset()

    def history_key(self) -> tuple[str, int] | None:
        """Return (kind, id) of the record this row belongs to, or None when the row keeps no history."""
        if not self.KIND:
            return None
        return self.KIND, getattr(self, self.ROOT) if self.ROOT else self.id

    def history_label(self, name: str) -> str:
        """Return how a field is called in the history; child rows with table and id, so two lines stay apart."""
        return f"{self.__tablename__}#{self.id}.{name}" if self.ROOT else name


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for statements without mapped objects."""
    table: Table = model.__table__  # type: ignore[assignment]  # every model here is one table
    return table


def length_of(model: type[Base], name: str) -> int:
    """Return how many characters a text column keeps."""
    length: int = table_of(model).c[name].type.length  # type: ignore[attr-defined]  # a text's type has one
    return length


class Root:
    """Mixin of every aggregate root: a version that is checked on each save, and when it was made."""

    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]  # set by the declarative base


def staff_reference(*, nullable: bool = True) -> Any:
    """Return a column that points to a member of the staff."""
    return mapped_column(Id, ForeignKey("staff.id"), nullable=nullable, index=False)
