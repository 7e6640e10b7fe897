"""What has changed in records: one row a change, whoever stands to the record, and a read mark for each reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.todo.counting import forget
from services.notifications.todo.models import Change, Picture, ReadMark, Standing
from services.notifications.todo.standings import lock_state
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A nominal with changes that this person has not seen: how many, up to which, of what kinds, the last when."""

    nominal_id: UUID
    count: int
    through: int
    latest: datetime
    what: tuple[str, ...]


def note_change(
    work: Work, *, event_id: UUID, nominal_id: UUID, what: str, version: int, actor: UUID | None, at: datetime
) -> None:
    """One row, once for each fact, numbered in the order of commits so that a read mark never skips one."""
    if work.session.execute(select(Change.number).where(Change.event_id == event_id)).first() is not None:
        return
    state = lock_state(work, nominal_id)
    state.last_change += 1
    row = {"nominal_id": nominal_id, "number": state.last_change, "event_id": event_id, "what": what}
    told = {"actor": actor, "standing_version": version, "occurred_at": at}
    work.session.execute(
        insert(Change).values(**row, **told).on_conflict_do_nothing(index_elements=["event_id"])
    )


def unseen(person_id: UUID) -> Select[UUID, int, int, datetime, Sequence[str]]:
    """Records with changes this person may know of and has not seen (PF-7/To do list.1), one row each.

    Only changes made while they stood to the record count, and none of their own.
    """
    told = (
        Change.nominal_id.label("nominal_id"),
        func.count().label("count"),
        func.max(Change.number).label("through"),
        func.max(Change.occurred_at).label("latest"),
        func.array_agg(Change.what.distinct()).label("what"),
    )
    return news(person_id, *told).group_by(Change.nominal_id)


def news(person_id: UUID, *told: Any) -> Select[Any]:
    """What is told of the changes that this person may know of and has not seen."""
    mine = _standing_since(person_id).cte("mine")
    read = and_(ReadMark.nominal_id == Change.nominal_id, ReadMark.person_id == person_id)
    return (
        select(*told)
        .select_from(Change)
        .join(mine, mine.c.nominal_id == Change.nominal_id)
        .outerjoin(ReadMark, read)
        .where(
            Change.standing_version >= mine.c.since,
            Change.number > func.coalesce(ReadMark.through, literal_column("0")),
            Change.actor.is_distinct_from(person_id),
        )
    )


def mark_read(work: Work, person_id: UUID, nominal_id: UUID, through: int) -> None:
    """Seen up to this number; a later mark is never set back."""
    row = insert(ReadMark).values(
        person_id=person_id, nominal_id=nominal_id, through=through, read_at=work.now
    )
    later = row.on_conflict_do_update(
        index_elements=["person_id", "nominal_id"],
        set_={"through": row.excluded.through, "read_at": row.excluded.read_at},
        where=ReadMark.through < row.excluded.through,
    )
    work.session.execute(later)
    forget(work.runtime, person_id)


def _standing_since(person_id: UUID) -> Select[UUID, int]:
    newest = and_(
        Picture.nominal_id == Standing.nominal_id,
        Picture.agency == Standing.agency,
        Picture.version <= Standing.version,
    )
    return (
        select(Standing.nominal_id, func.min(Standing.since_version).label("since"))
        .join(Picture, newest)
        .where(Standing.person_id == person_id)
        .group_by(Standing.nominal_id)
    )
