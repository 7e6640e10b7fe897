"""Saving what was typed so far, finding it again, and throwing it away. Nobody but its writer is ever given it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from shared.ids import new_id
from shared.time.periods import due

if TYPE_CHECKING:
    from shared.declarations import Command
    from shared.work import Work

KEPT = "drafts.kept"
_JURISDICTION = "ENG"  # asked for only by a period of working days
# As psycopg writes it: it goes to the database with the act's own COMMIT.
_DISCARD = "DELETE FROM draft WHERE person_id = %(person_id)s AND place = %(place)s"


@dataclass(frozen=True)
class Draft:
    """`values` are the form's fields as they were posted; `files` the names of files that were chosen, and are lost."""

    id: UUID
    place: str
    title: str
    nominal_id: UUID | None
    saved_at: datetime
    until: datetime
    values: Sequence[tuple[str, str]] = ()
    files: Sequence[str] = ()


def save(
    work: Work,
    place: str,
    title: str,
    values: Iterable[tuple[str, str]],
    *,
    files: Iterable[str] = (),
    nominal_id: UUID | None = None,
) -> None:
    """The draft of this form, in place of the one before. What is asked first: may this person still write there?"""
    text = json.dumps({"values": [list(pair) for pair in values], "files": [*files]})
    row = {
        "person_id": work.principal.person_id,
        "place": place,
        "title": title,
        "nominal_id": nominal_id,
        "content": work.runtime.encrypt(nominal_id, _purpose(work, place), text),
        "saved_at": work.now,
        "until": due(work.now, work.policy.period(KEPT, work.today), _JURISDICTION).at,
    }
    made = insert(_table(work)).values(id=new_id(), **row)
    over = {name: made.excluded[name] for name in ("content", "saved_at", "until")}
    work.session.execute(made.on_conflict_do_update(index_elements=["person_id", "place"], set_=over))


def find(work: Work, place: str) -> Draft | None:
    """This person's own draft of this form; None where there is none, or nobody can read it any more."""
    row = work.session.execute(_own(work).where(_table(work).c.place == place)).one_or_none()
    if row is None:
        return None
    text = work.runtime.readable(row.nominal_id, _purpose(work, place), row.content)
    if text is None:
        return None
    kept = json.loads(text)
    return replace(_of(row), values=[(name, value) for name, value in kept["values"]], files=kept["files"])


def drafts_of(work: Work) -> list[Draft]:
    """Which drafts this person has, latest first, without what is in them."""
    rows = work.session.execute(_own(work).order_by(_table(work).c.saved_at.desc()))
    return [_of(row) for row in rows]


def discard(work: Work, draft_id: UUID) -> str | None:
    """Throws away one of this person's own; its place, or None where they have none of this id."""
    table = _table(work)
    mine = (table.c.id == draft_id) & (table.c.person_id == work.principal.person_id)
    found: str | None = work.session.execute(delete(table).where(mine).returning(table.c.place)).scalar()
    return found


def discarding(command: Command, place: str) -> Command:
    """The command, with this person's draft of its form thrown away in the same transaction."""

    def act(work: Work, **given: Any) -> Any:
        result = command.function(work, **given)
        work.at_last((_DISCARD, {"person_id": work.principal.person_id, "place": place}))
        return result

    return replace(command, function=act)


def forget_old(work: Work) -> None:
    """Those that nobody went on with for as long as policy keeps them."""
    table = _table(work)
    work.session.execute(delete(table).where(table.c.until <= work.now))


def _own(work: Work) -> Select[Any]:
    table = _table(work)
    return select(table).where(table.c.person_id == work.principal.person_id, table.c.until > work.now)


def _of(row: Row[Any]) -> Draft:
    return Draft(row.id, row.place, row.title, row.nominal_id, row.saved_at, row.until)


def _purpose(work: Work, place: str) -> str:
    """Bound to its writer and its form: as anybody else's, or elsewhere, it cannot be opened."""
    return f"draft:{work.principal.person_id}:{place}"


def _table(work: Work) -> Table:
    table: Table | None = work.runtime.service.tables.draft
    if table is None:
        raise LookupError(f"{work.runtime.service.name} keeps no drafts")
    return table
