"""Warning markers are saved as one list: what came from which record is kept, so that each gets its own back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from services.records.nominals.models import Marker
from shared.work import Work


def markers_of(work: Work, nominal_id: UUID) -> list[str]:
    return list(work.session.scalars(select(Marker.code).where(Marker.nominal_id == nominal_id)))


def part_markers(work: Work, into: UUID, gone: UUID, kept: Mapping[str, Sequence[str]]) -> None:
    """After the rows went back: those that were saved anew since belong to whoever had them.

    A marker that was added since stays with the record that stayed.
    """
    back = set(kept["gone"]) - set(markers_of(work, gone))
    work.session.add_all(Marker(nominal_id=gone, code=code) for code in sorted(back))
    theirs = set(kept["gone"]) - set(kept["into"])
    saved_anew = delete(Marker).where(Marker.nominal_id == into, Marker.code.in_(theirs))
    work.session.execute(saved_anew)
    work.session.flush()
