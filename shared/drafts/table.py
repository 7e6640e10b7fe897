"""The row of each draft: one for each person and form."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, LargeBinary, MetaData, String, Table, Text, UniqueConstraint, Uuid


def draft_table(metadata: MetaData) -> Table:
    """`place` is the form's path within its service, which holds opaque ids alone; `title` its heading.

    `content` is sealed for this person and place under the nominal's key, or the service's own where there is none.
    """
    return Table(
        "draft",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("person_id", Uuid(), nullable=False),
        Column("place", Text(), nullable=False),
        Column("title", String(200), nullable=False),
        Column("nominal_id", Uuid(), index=True),
        Column("content", LargeBinary(), nullable=False),
        Column("saved_at", DateTime(timezone=True), nullable=False),
        Column("until", DateTime(timezone=True), nullable=False, index=True),
        UniqueConstraint("person_id", "place"),
    )
