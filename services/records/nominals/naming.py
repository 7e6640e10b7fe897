"""How a form or a page says which record it is about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.access.record import Record
from services.records.nominals.models import Name
from shared.web import guard
from shared.work import Work


def about(work: Work, record: Record) -> dict[str, str]:
    """For the first values of a form, to whoever may do what the form is for: ViSOR number and main name."""
    return {"about": _named(record.visor_number, work.session, record.id)}


def named(nominal_id: UUID, visor_number: str) -> str:
    """The same above a page of the record, which its reader was let into: with several open, a number tells nothing.

    Asked by pages alone, so that the JSON answer costs nothing more.
    """
    with Session(guard.runtime().database.reading) as session:
        return _named(visor_number, session, nominal_id)


def _named(visor_number: str, session: Session, nominal_id: UUID) -> str:
    """The number alone where the record was deleted a moment ago."""
    main = select(Name.forenames, Name.surname).where(Name.nominal_id == nominal_id, Name.kind == "main")
    name = session.execute(main).one_or_none() or ()
    return ", ".join(filter(None, (visor_number, " ".join(filter(None, name)))))
