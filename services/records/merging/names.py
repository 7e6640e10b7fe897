"""A record has one main name: that of the record which goes becomes an alias of the other, and again its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.merging.rules import same_name
from services.records.nominals.models import Name
from shared.ids import new_id
from shared.work import Work

_WRITTEN = ("forenames", "surname", "surname_id", "forename_id")


def join_names(work: Work, into: UUID, gone: UUID, *, take: bool) -> dict[str, Any]:
    """With `take` the other's main name is the record's from now on. What an undoing needs; nothing stands twice."""
    mine, theirs = _main(work, into), _main(work, gone)
    others = select(Name.forenames, Name.surname).where(Name.nominal_id == into)
    known = [(row.forenames, row.surname) for row in work.session.execute(others)]
    kept = {
        "mine": str(mine.id),
        "theirs": str(theirs.id),
        "written": {one: getattr(theirs, one) for one in _WRITTEN},
    }
    if same_name((theirs.forenames, theirs.surname), known) and not take:
        work.session.delete(theirs)
        work.session.flush()
        return kept
    if take:
        mine.kind = "alias"
        work.session.flush()
    theirs.nominal_id, theirs.kind = into, "main" if take else "alias"
    work.session.flush()
    return kept


def part_names(work: Work, into: UUID, gone: UUID, kept: Mapping[str, Any]) -> None:
    """After the rows went back, so that only the kinds are still to be put right."""
    theirs = work.session.get(Name, UUID(kept["theirs"]), populate_existing=True)
    if theirs is None:
        theirs = Name(id=UUID(kept["theirs"]), nominal_id=gone, kind="main", **kept["written"])
        work.session.add(theirs)
    theirs.nominal_id, theirs.kind = gone, "main"
    work.session.flush()
    if _main_or_none(work, into) is None:
        mine = work.session.get(Name, UUID(kept["mine"]), populate_existing=True)
        if mine is None:  # somebody took the alias away meanwhile
            mine = Name(id=new_id(), nominal_id=into, **kept["written"])
            work.session.add(mine)
        mine.kind = "main"
        work.session.flush()


def _main(work: Work, nominal_id: UUID) -> Name:
    found = _main_or_none(work, nominal_id)
    if found is None:
        raise LookupError("a nominal without a main name")
    return found


def _main_or_none(work: Work, nominal_id: UUID) -> Name | None:
    found = select(Name).where(Name.nominal_id == nominal_id, Name.kind == "main")
    return work.session.execute(found).scalar_one_or_none()
