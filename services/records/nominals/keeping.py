"""Names, numbers and markers in whole-record acts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from services.records.nominals.keepers import keep
from services.records.nominals.models import CHANGED, Change, Identifier, Marker, Name
from shared.work import Work


def _merge_names(work: Work, gone: UUID, into: UUID) -> int:
    """Aliases go over. The main name stays: it is how the record that is gone was known, and a nominal has one."""
    moved = update(Name).where(Name.nominal_id == gone, Name.kind == "alias").values(nominal_id=into)
    rows = work.session.execute(moved.returning(Name.id), execution_options={"synchronize_session": False})
    return len(rows.all())


keep(Name, merge=_merge_names)
keep(Identifier)
keep(Marker, alike=("code",))
keep(Change, sealed={"sealed": CHANGED})
