"""Taking a record out of the register, whole: every row that is of it, by whoever keeps one (PF-4.16i)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, false, or_, select
from sqlalchemy.orm import aliased

from services.records.access.models import Opening
from services.records.custody.models import Incoming
from services.records.nominals.keepers import purge_rows
from services.records.nominals.models import Identifier, Name, Nominal
from services.records.partnership.models import Supervision
from services.records.referrals.models import Referral
from services.records.search.models import Forename, KnownName, Surname
from services.records.service import service
from shared.work import Work

_OF_REFERRALS = ("pnc", "cro", "noms", "crn")
_QUIETLY = {"synchronize_session": False}


def purge(work: Work, nominal_ids: Sequence[UUID]) -> int:
    """How many rows there were. Those that point to others go first, the nominals last; nothing is left to be found."""
    work.session.flush()
    words = _words(work, nominal_ids)
    _forget_what_came_before(work, nominal_ids)
    rows = sum(sum(purge_rows(work, one).values()) for one in nominal_ids)
    work.session.execute(
        delete(Opening).where(Opening.nominal_id.in_(nominal_ids)), execution_options=_QUIETLY
    )
    gone = delete(Nominal).where(Nominal.id.in_(nominal_ids)).returning(Nominal.id)
    rows += len(work.session.execute(gone, execution_options=_QUIETLY).all())
    _forget_words(work, words)
    _forget_answers(work, nominal_ids)
    work.session.expire_all()
    return rows


def _words(work: Work, nominal_ids: Sequence[UUID]) -> dict[Any, set[int]]:
    """What the dictionaries of the search call the names of these records."""
    found: dict[Any, set[int]] = {Surname: set(), Forename: set()}
    for table in (Name, KnownName):
        rows = select(table.surname_id, table.forename_id).where(table.nominal_id.in_(nominal_ids))
        for row in work.session.execute(rows):
            found[Surname] |= {row.surname_id} - {None}
            found[Forename] |= {row.forename_id} - {None}
    return found


def _forget_words(work: Work, words: dict[Any, set[int]]) -> None:
    """A name that nobody else bears stays in no dictionary."""
    for table, column in ((Surname, "surname_id"), (Forename, "forename_id")):
        borne = [
            select(other.id).where(getattr(other, column) == table.id).exists()
            for other in (aliased(Name), aliased(KnownName))
        ]
        gone = delete(table).where(table.id.in_(words[table]), ~borne[0], ~borne[1])
        work.session.execute(gone, execution_options=_QUIETLY)


def _forget_what_came_before(work: Work, nominal_ids: Sequence[UUID]) -> None:
    """What other systems told by one of the person's numbers, and the referrals of it that are over.

    One that is open still asks for a record, and stays.
    """
    found = select(Identifier.kind, Identifier.value).where(Identifier.nominal_id.in_(nominal_ids))
    numbers = work.session.execute(found).all()
    noms, crns = ([one.value for one in numbers if one.kind == kind] for kind in ("noms", "crn"))
    told = [Incoming.fact.contains(one, autoescape=True) for one in noms]
    same = [getattr(Referral, one.kind) == one.value for one in numbers if one.kind in _OF_REFERRALS]
    over = (Referral.status == "closed") & or_(false(), *same)
    gone = (
        delete(Incoming).where(or_(false(), *told)),
        delete(Supervision).where(Supervision.crn.in_(crns)),
        delete(Referral).where(Referral.nominal_id.in_(nominal_ids) | over),
    )
    for statement in gone:
        work.session.execute(statement, execution_options=_QUIETLY)


def _forget_answers(work: Work, nominal_ids: Iterable[UUID]) -> None:
    """Answers that are kept for a while, so that a form sent twice counts once, may repeat what was typed."""
    table = service.tables.once
    held = [cast(table.c.answer, String).contains(str(one)) for one in nominal_ids]
    work.session.execute(delete(table).where(or_(*held)))
