"""How a form says which record it is about."""

from __future__ import annotations

from sqlalchemy import select

from services.records.access.record import Record
from services.records.nominals.models import Name
from shared.work import Work


def about(work: Work, record: Record) -> dict[str, str]:
    """For the first values of a form, to whoever may do what the form is for: ViSOR number and main name."""
    main = select(Name.forenames, Name.surname).where(Name.nominal_id == record.id, Name.kind == "main")
    forenames, surname = work.session.execute(main).one()
    return {"about": f"{record.visor_number}, {forenames} {surname}"}
