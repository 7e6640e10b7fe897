"""The two dictionaries by which names are found: each distinct surname and forename once (stack: 69,000 surnames)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, Computed, Identity, Index, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from services.records.service import Base


class DictionaryWord:
    """`value` is normalised (see `spelling`); `deletions` holds it and each spelling with one letter left out.

    `codes` are its Daitch–Mokotoff codes, worked out by the database.
    """

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    value: Mapped[str] = mapped_column(Text, unique=True)
    deletions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    codes: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), Computed("daitch_mokotoff(value)", persisted=True)
    )

    # A GiST trigram index beside the GIN one would be taken by the planner, and is twenty times slower.
    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        name = cls.__tablename__  # type: ignore[attr-defined]
        return (
            Index(f"ix_{name}_deletions", "deletions", postgresql_using="gin"),
            Index(f"ix_{name}_codes", "codes", postgresql_using="gin"),
            Index(
                f"ix_{name}_trigrams",
                "value",
                postgresql_using="gin",
                postgresql_ops={"value": "gin_trgm_ops"},
            ),
        )


class Surname(DictionaryWord, Base):
    __tablename__ = "surname"


class Forename(DictionaryWord, Base):
    """Of a person's forenames only the first is looked up."""

    __tablename__ = "forename"
