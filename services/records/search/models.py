"""By what nominals are found: dictionaries with each surname and forename once (stack: 69,000 surnames), and keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Computed, Identity, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


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


class SearchKey(OfNominal, Base):
    """One telephone number, vehicle, address or identifier known of a nominal, as keyed hashes of its parts.

    `source_id` is the entry that says it; see `known` and `parts`. Nothing here can be read without the keys folder.
    """

    __tablename__ = "search_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(10))
    keys: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (Index("ix_search_key_keys", "keys", postgresql_using="gin"),)


class KnownName(OfNominal, Base):
    """A name that an entry knows a nominal by: only what the dictionaries call it, and never shown."""

    __tablename__ = "known_name"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source_id: Mapped[UUID] = mapped_column(index=True)
    surname_id: Mapped[int]
    forename_id: Mapped[int | None]

    __table_args__ = (
        Index(
            "ix_known_name_surname_id_forename_id",
            "surname_id",
            "forename_id",
            postgresql_include=["nominal_id"],
        ),
    )
