"""To-do items, and what has changed in records that people stand in some relation to. No name is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.service import Base
from shared.ids import new_id


class TodoItem(Base):
    """Something one person must do or look at. `cause` names what it is about, so that a fact told twice is one item.

    `clock_id` is the deadline behind it, if any; `late_from` the instant from which it counts as overdue; `due_was` the
    due day before it was counted anew. `put_off_to` is the day on which it shows again, `passed_on_by` who gave it
    to this person, `stands_in_for` who was named for it and was away. `note` is encrypted under the nominal's own key.
    """

    __tablename__ = "todo_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(60), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    important: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[str] = mapped_column(String(12), default="full")
    role: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[str | None] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(60), default="")
    subject_id: Mapped[UUID | None]
    nominal_id: Mapped[UUID | None] = mapped_column(index=True)
    clock_id: Mapped[UUID | None] = mapped_column(index=True)
    due_on: Mapped[date | None]
    due_was: Mapped[date | None]
    late_from: Mapped[datetime | None]
    raised_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    pinned: Mapped[bool] = mapped_column(default=False, server_default="false")
    put_off_to: Mapped[date | None]
    passed_on_by: Mapped[UUID | None]
    stands_in_for: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    outcome: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("person_id", "cause", "kind"),
        CheckConstraint("state in ('open', 'done')", name="state"),
        CheckConstraint(
            "outcome in ('actioned', 'no_action', 'met', 'overtaken', 'passed_on')", name="outcome"
        ),
        CheckConstraint("(state = 'done') = (outcome is not null)", name="done_has_an_outcome"),
        CheckConstraint("detail in ('full', 'restricted')", name="detail"),
        # In the order in which the list opens, with what its counts look at.
        Index(
            "ix_todo_item_open",
            "person_id",
            text("pinned DESC"),
            text("important DESC"),
            "due_on",
            text("raised_at DESC"),
            "id",
            postgresql_where=text("state = 'open'"),
            postgresql_include=["late_from", "put_off_to", "kind"],
        ),
        Index("ix_todo_item_alert", "raised_at", postgresql_where=text("state = 'open' and important")),
        Index(
            "ix_todo_item_stands_in_for",
            "stands_in_for",
            postgresql_where=text("state = 'open' and stands_in_for is not null"),
        ),
        Index("ix_todo_item_queue", "unit", "role", postgresql_where=text("state = 'open' and role = 'cpc'")),
    )


class Change(Base):
    """One row for each change of a record, whoever stands to it; `number` counts the nominal's changes as committed."""

    __tablename__ = "change"

    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    what: Mapped[str] = mapped_column(String(60))
    actor: Mapped[UUID | None]
    standing_version: Mapped[int]
    occurred_at: Mapped[datetime]


class RecordState(Base):
    """How far a nominal's changes are numbered; and which chunks (`chunks_in`) of which picture are in (`arriving`).

    `limited`: the newest picture is of a record with Limited Access.
    """

    __tablename__ = "record_state"

    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_change: Mapped[int] = mapped_column(default=0, server_default="0")
    arriving: Mapped[int] = mapped_column(default=0, server_default="0")
    chunks_in: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    limited: Mapped[bool] = mapped_column(default=False, server_default="false")


class Picture(Base):
    """The newest picture of one agency's standings to a nominal, and the one before it."""

    __tablename__ = "standing_picture"

    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int]
    previous: Mapped[int]


class Standing(Base):
    """How a person stands to a nominal: in every picture from `since_version` to `version`.

    It holds as long as `version` is that of the agency's newest picture, or newer: a standing can be added by itself.
    """

    __tablename__ = "standing"

    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    standing: Mapped[str] = mapped_column(String(40), primary_key=True)
    agency: Mapped[str] = mapped_column(String(60))
    since_version: Mapped[int]
    version: Mapped[int]

    __table_args__ = (Index("ix_standing_person_id", "person_id", "nominal_id"),)


class ClosedRecord(Base):
    """Somebody declared a conflict of interest with the nominal, and its record is closed to them."""

    __tablename__ = "closed_record"

    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(60))


class ReadMark(Base):
    """Up to which change of a nominal a person has seen them."""

    __tablename__ = "read_mark"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    through: Mapped[int]
    read_at: Mapped[datetime]


class Cover(Base):
    """Somebody sees to the list of a colleague who is away, day by day; `ended_at` where it ended early."""

    __tablename__ = "cover"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(index=True)
    by_id: Mapped[UUID] = mapped_column(index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    named_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("from_day <= to_day", name="days"),)


class TodoOpening(Base):
    """The last day on which somebody opened their list, as it was told to identity."""

    __tablename__ = "todo_opening"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]


class MergedNominal(Base):
    """A record that went into another, as long as that is not undone: what is put back on a list follows it."""

    __tablename__ = "merged_nominal"

    gone_id: Mapped[UUID] = mapped_column(primary_key=True)
    into_id: Mapped[UUID]
    merge_id: Mapped[UUID]


class MergedRow(Base):
    """An item or a clock that came to another nominal with a merge, so that an undoing gives it back."""

    __tablename__ = "merged_row"

    merge_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (CheckConstraint("kind in ('item', 'clock')", name="kind"),)


class UnopenedReminder(Base):
    """The last day on which somebody was reminded by e-mail that their list was not opened."""

    __tablename__ = "unopened_reminder"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
