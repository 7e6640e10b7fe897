"""One nominal as the rules and whoever must tell somebody of it see it: read in one SELECT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, exists, select

from services.records.access.models import Conflict, Listed, Opening, Partnership
from services.records.nominals.models import Nominal
from shared.driver import Fixed


@dataclass(frozen=True, slots=True)
class Record:
    """`partner`, `listed` and `opened` are the asking person's own ties; `opened`: with a reason.

    `conflicted`: they declared a conflict of interest, and the record is closed to them.
    """

    id: UUID
    visor_number: str
    status: str
    category: str
    level: int | None
    jurisdiction: str
    owner_unit: str
    owner_agency: str
    managing_unit: str
    manager_id: UUID | None
    supervisor_id: UUID | None
    custody_prison: str | None
    limited_access: bool
    standing_version: int
    version: int
    merged_into_id: UUID | None
    partner: bool
    listed: bool
    opened: bool
    conflicted: bool


# Plain tables rather than mapped classes: every page of a nominal goes through here, and needs no objects.
_nominal, _partnership = Nominal.__table__.c, Partnership.__table__.c
_list, _opening = Listed.__table__.c, Opening.__table__.c
_conflict = Conflict.__table__.c
_TIES = {"partner", "listed", "opened", "conflicted"}
_COLUMNS = [_nominal[name] for name in Record.__slots__ if name not in _TIES]
_WHO: BindParameter[Any] = bindparam("who")
_SESSION: BindParameter[Any] = bindparam("session")
_AT: BindParameter[Any] = bindparam("at")
_partner = exists().where(
    _partnership.nominal_id == _nominal.id, _partnership.person_id == _WHO, _partnership.ended_at.is_(None)
)
_listed = exists().where(_list.nominal_id == _nominal.id, _list.person_id == _WHO)
_opened = exists().where(
    _opening.session_id == _SESSION,
    _opening.nominal_id == _nominal.id,
    _opening.person_id == _WHO,
    _opening.until > _AT,
)
_conflicted = exists().where(
    _conflict.nominal_id == _nominal.id, _conflict.person_id == _WHO, _conflict.ended_at.is_(None)
)


def record_statement(*more: Any) -> Fixed:
    """Build it once, at import: `more` are scalar subqueries that a query wants from the same SELECT."""
    return Fixed(_select(*more))


def _select(*more: Any) -> Select[Any]:
    ties = (
        _partner.label("partner"),
        _listed.label("listed"),
        _opened.label("opened"),
        _conflicted.label("conflicted"),
    )
    return select(*_COLUMNS, *ties, *more).where(_nominal.id == bindparam("nominal"))


RECORD = record_statement()
LOCKED = Fixed(_select().with_for_update(of=Nominal.__table__))
_FIELDS = len(Record.__slots__)


def record_of(row: Any) -> Record:
    return Record(*row[:_FIELDS])
