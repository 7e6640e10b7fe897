"""Who keeps rows by nominal: each capability registers its tables, so that whole-record acts forget none.

Transfers, merging, deletion and export go through here and know no capability. In a module `keeping.py` of the
capability, one line for each table of its own:

    keep(Entry, sealed={"text": TEXT})

What a table does by itself is often enough: a transfer changes none of its rows (`move`), a merge gives them to the
other nominal (`merge`), a deletion deletes them (`purge`), and an export gives all its columns, the sealed ones opened
(`export`). Say otherwise where it is not: a file to be removed, a child table, a unit kept in the row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import aliased

from services.records.nominals.owners import Place
from services.records.service import Base
from shared.work import Work

Row = dict[str, Any]
Move = Callable[[Work, UUID, Place, Place], None]
Merge = Callable[[Work, UUID, UUID], int]
Purge = Callable[[Work, UUID], int]
Export = Callable[[Work, UUID], list[Row]]


@dataclass(frozen=True)
class Keeper:
    """One table whose rows belong to nominals, and how a whole-record act treats them.

    `sealed`: column → for what it is encrypted. `alike`: columns that may not be twice under one nominal; a row whose
    like the other nominal has already (`among` those that count) stays behind in a merge. `move(work, nominal,
    before, after)`; `moves` is false where a merge leaves the rows with the nominal that they came for, so that nothing
    is to be undone; `merge(work, gone, into)` and `purge(work, nominal)` return how many rows.
    """

    table: type[Base]
    sealed: Mapping[str, str] = field(default_factory=dict)
    alike: tuple[str, ...] = ()
    among: Callable[[Any], ColumnElement[bool]] | None = None
    move: Move | None = None
    merge: Merge | None = None
    purge: Purge | None = None
    moves: bool = True
    export: Export | None = None

    @property
    def name(self) -> str:
        return str(self.table.__table__.name)  # type: ignore[attr-defined]


_KEEPERS: dict[str, Keeper] = {}
# Tables with a nominal's id that whole-record acts leave alone, and why.
EXEMPT: Mapping[str, str] = {
    "bulk_partner_result": "says what one bulk job did, and is kept as that job's own report",
    "bulk_transfer_item": "says what one bulk transfer did, and is kept as its own report",
    "opening": "lasts half an hour at most, and goes with the nominal's row",
    "referral": "came before the nominal; the deletion of its record deletes it itself",
}


def keep(table: type[Base], **given: Any) -> None:
    """Register a table, as a `Keeper` takes it. Raises ValueError where it is registered already."""
    keeper = Keeper(table, **given)
    if keeper.name in _KEEPERS:
        raise ValueError(f"{keeper.name} is registered already")
    _KEEPERS[keeper.name] = keeper


def keepers() -> Iterator[Keeper]:
    """Every table, those that others point to first."""
    for table in Base.metadata.sorted_tables:
        if table.name in _KEEPERS:
            yield _KEEPERS[table.name]


def move_rows(work: Work, nominal_id: UUID, before: Place, after: Place) -> None:
    """After a transfer, when the nominal's own row has its new place."""
    for keeper in keepers():
        if keeper.move is not None:
            keeper.move(work, nominal_id, before, after)


def merge_rows(work: Work, gone: UUID, into: UUID) -> dict[str, int]:
    """Give the rows of one nominal to another; how many, by table. `origin_nominal_id` still says whose they were."""
    return {one.name: (one.merge or _merger(one))(work, gone, into) for one in keepers()}


def unmerge_rows(work: Work, into: UUID, back_to: UUID, origins: Collection[UUID]) -> dict[str, int]:
    """Take rows whose origin is one of these out of a merged record again; how many, by table.

    What came to the merged record later has its own origin, and stays.
    """
    return {one.name: _count(work, _back(one, into, back_to, origins)) for one in keepers() if one.moves}


def _back(keeper: Keeper, into: UUID, back_to: UUID, origins: Collection[UUID]) -> Any:
    table: Any = keeper.table
    mine = update(table).where(table.nominal_id == into, table.origin_nominal_id.in_(origins))
    return mine.values(nominal_id=back_to)


def own_rows(work: Work, nominal_id: UUID, before: UUID) -> dict[str, int]:
    """Rows of this nominal that came from another one become wholly its own; how many, by table.

    What is sealed in them is sealed anew, so that nothing here needs the other's key any more.
    """
    return {one.name: _own(work, one, nominal_id, before) for one in keepers() if one.moves}


def _own(work: Work, keeper: Keeper, nominal_id: UUID, before: UUID) -> int:
    table: Any = keeper.table.__table__
    came = (table.c.nominal_id == nominal_id) & (table.c.origin_nominal_id == before)
    sealed = [table.c[name] for name in keeper.sealed]
    rows = work.session.execute(select(table.c.id, *sealed).where(came)).all()
    for row in rows:
        values = {"origin_nominal_id": nominal_id} | _sealed_anew(work, keeper, row, nominal_id, before)
        work.session.execute(update(table).where(table.c.id == row.id).values(values))
    return len(rows)


def _sealed_anew(work: Work, keeper: Keeper, row: Any, nominal_id: UUID, before: UUID) -> Row:
    return {
        name: work.runtime.encrypt(
            nominal_id, purpose, work.runtime.decrypt(before, purpose, getattr(row, name))
        )
        for name, purpose in keeper.sealed.items()
        if getattr(row, name) is not None
    }


def purge_rows(work: Work, nominal_id: UUID) -> dict[str, int]:
    """Delete all that belongs to a nominal but its own row; how many, by table. Those that point to others first."""
    return {one.name: (one.purge or _purger(one))(work, nominal_id) for one in reversed(list(keepers()))}


def export_rows(work: Work, nominal_id: UUID) -> dict[str, list[Row]]:
    """All that belongs to a nominal, by table, as plain values; a text that can no longer be read comes as None."""
    return {one.name: (one.export or _exporter(one))(work, nominal_id) for one in keepers()}


def _merger(keeper: Keeper) -> Merge:
    def merge(work: Work, gone: UUID, into: UUID) -> int:
        table: Any = keeper.table
        moved = update(table).where(table.nominal_id == gone).values(nominal_id=into)
        if keeper.alike:
            moved = moved.where(~_has_like(keeper, into))
        return _count(work, moved)

    return merge


def _has_like(keeper: Keeper, into: UUID) -> Any:
    mine: Any = keeper.table
    other: Any = aliased(keeper.table)
    same = [getattr(other, name).is_not_distinct_from(getattr(mine, name)) for name in keeper.alike]
    if keeper.among is not None:
        same += [keeper.among(mine), keeper.among(other)]
    return select(other.id).where(other.nominal_id == into, *same).correlate(mine).exists()


def _purger(keeper: Keeper) -> Purge:
    def purge(work: Work, nominal_id: UUID) -> int:
        table: Any = keeper.table
        return _count(work, delete(table).where(table.nominal_id == nominal_id))

    return purge


def _count(work: Work, statement: Any) -> int:
    work.session.flush()
    done: Any = work.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)


def _exporter(keeper: Keeper) -> Export:
    def export(work: Work, nominal_id: UUID) -> list[Row]:
        table = keeper.table.__table__
        found = select(table).where(table.c.nominal_id == nominal_id).order_by(table.c.id)
        return [_opened(work, keeper, dict(row)) for row in work.session.execute(found).mappings()]

    return export


def _opened(work: Work, keeper: Keeper, row: Row) -> Row:
    for column, purpose in keeper.sealed.items():
        if row[column] is not None:
            row[column] = work.runtime.readable(row["origin_nominal_id"], purpose, row[column])
    return row
