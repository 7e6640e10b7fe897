"""Writing down what differs, and what agrees again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.reconciliation.models import Compared, Difference
from services.notifications.reconciliation.rules import Kind
from shared.work import Work


def note(work: Work, kind: Kind, fact: str, agency: str, subjects: Collection[UUID]) -> dict[UUID, int]:
    """These differ now; on how many nights each has been seen by now."""
    if not subjects:
        return {}
    row = {"kind": kind, "fact": fact, "agency": agency, "found_at": work.now}
    found = insert(Difference).values([{**row, "subject_id": one} for one in sorted(subjects)])
    seen = found.on_conflict_do_update(
        index_elements=["kind", "fact", "agency", "subject_id"],
        index_where=Difference.mended_at.is_(None),
        set_={"seen": Difference.seen + 1},
    )
    rows = work.session.execute(seen.returning(Difference.subject_id, Difference.seen))
    return {row[0]: row[1] for row in rows}


def of_kind(kind: Kind, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return (Difference.kind == kind) & which


def agree(work: Work, fact: str, agency: str, which: ColumnElement[bool]) -> None:
    """Of these none differs any more."""
    mended = update(Difference).where(
        Difference.fact == fact, Difference.agency == agency, Difference.mended_at.is_(None), which
    )
    # Nobody holds such a row in hand, so none has to be kept in step.
    work.session.execute(mended.values(mended_at=work.now), execution_options={"synchronize_session": False})


def facts_that_differ(work: Work, agency: str) -> frozenset[str]:
    """Of which an agency's deadlines differ still."""
    open_now = select(Difference.fact).where(Difference.agency == agency, Difference.mended_at.is_(None))
    return frozenset(work.session.execute(open_now.distinct()).scalars())


def compared(work: Work, of: Sequence[str]) -> None:
    """Now; each of them, in an order that is the same for everybody."""
    row = insert(Compared).values([{"of": one, "at": work.now} for one in of])
    work.session.execute(row.on_conflict_do_update(index_elements=["of"], set_={"at": work.now}))


def open_ones() -> Any:
    return select(func.count()).select_from(Difference).where(Difference.mended_at.is_(None))
