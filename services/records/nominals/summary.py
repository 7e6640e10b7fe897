"""The summary: the front page of a record (PF-7/Nominal Summary.1), read with the access decision in one SELECT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.openings import look
from services.records.access.record import record_statement
from services.records.nominals.followed import tell_seen
from services.records.nominals.models import AUTHORITY, Identifier, Marker, Name, Nominal
from services.records.nominals.rules import MARKERS, age_on, category_name
from services.records.nominals.schemas import SummaryAnswer
from services.records.service import service
from shared.directory.read_model import card_url
from shared.directory.tables import DIRECTORY
from shared.web.schemas import Nothing
from shared.work import Work

_person, _unit = DIRECTORY.person.c, DIRECTORY.unit.c
_nominal, _name = Nominal.__table__.c, Name.__table__.c
_number, _marker = Identifier.__table__.c, Marker.__table__.c


def _rows(*columns: Any, where: Any) -> Any:
    """A JSON list of rows as a scalar subquery on the nominal."""
    return (
        select(func.json_agg(func.json_build_array(*columns)))
        .where(where)
        .correlate(Nominal.__table__)
        .scalar_subquery()
    )


def _name_of(code: Any) -> Any:
    """A unit's name, each by the key: of three codes at once PostgreSQL would rather read the whole table."""
    return select(_unit.name).where(_unit.code == code).correlate(Nominal.__table__).scalar_subquery()


_SHOWN = (
    _nominal.date_of_birth,
    _nominal.sex,
    _nominal.risk_level,
    _nominal.risk_since,
    _nominal.address,
    _nominal.pom_id,
    _nominal.com_id,
    _nominal.general_comments,
    _nominal.custody_since,
    _nominal.statutory_supervision,
    _nominal.lead_agency,
    _nominal.authority,
    _nominal.review_on,
    _nominal.deregistered_on,
)
_CARD = (_person.id, _person.name, _person.telephone, _person.agency, _person.unit)
SUMMARY = record_statement(
    *_SHOWN,
    _rows(_name.kind, _name.forenames, _name.surname, where=_name.nominal_id == _nominal.id).label("names"),
    _rows(_number.kind, _number.value, where=_number.nominal_id == _nominal.id).label("numbers"),
    _rows(_marker.code, where=_marker.nominal_id == _nominal.id).label("markers"),
    _rows(
        *_CARD,
        where=_person.id.in_([_nominal.manager_id, _nominal.supervisor_id, _nominal.pom_id, _nominal.com_id]),
    ).label("people"),
    _name_of(_nominal.owner_unit).label("owner_name"),
    _name_of(_nominal.managing_unit).label("managing_name"),
    _name_of(_nominal.custody_prison).label("prison_name"),
)


@service.query(
    "nominals.summary",
    path="/nominals/<uuid:nominal_id>",
    input=Nothing,
    answer=SummaryAnswer,
    apart=True,
    reads="Summary",
)
def summary(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """The summary of a record. To who is not partnered to it each request is an access, and the CPC is told."""
    opened = authorise(work, "nominals.read", nominal_id, statement=SUMMARY)
    look(work, opened)
    tell_seen(work, opened)
    return summary_of(work, opened)


def summary_of(work: Work, opened: Opened) -> dict[str, Any]:
    row, record = opened.row, opened.record
    people = {UUID(card[0]): _card(card) for card in row.people or ()}
    names = sorted(row.names or (), key=lambda name: (name[0] == "alias", name[2], name[1]))
    return {
        **_same(row),
        "nominal_id": record.id,
        "name": _whole(names[0]),
        "names": [{"forenames": forenames, "surname": surname} for _, forenames, surname in names],
        "aliases": [_whole(name) for name in names[1:]],
        "age": age_on(row.date_of_birth, work.today),
        "identifiers": [{"kind": kind, "value": value} for kind, value in sorted(row.numbers or ())],
        "markers": [MARKERS[code] for code in MARKERS if [code] in (row.markers or ())],
        "photograph": None,
        "authority": _authority(work, opened),
        "category_name": category_name(record.category),
        "owner": _named(record.owner_unit, row.owner_name),
        "managing_unit": _named(record.managing_unit, row.managing_name),
        "manager": people.get(record.manager_id),  # type: ignore[arg-type]
        "supervisor": people.get(record.supervisor_id),  # type: ignore[arg-type]
        **_offender_managers(row, people),
        "custody": _named(record.custody_prison, row.prison_name) if record.custody_prison else None,
        "standings": sorted(opened.standings),
        "by_reason": opened.by_reason,
    }


def _offender_managers(row: Any, people: Mapping[UUID, Any]) -> dict[str, Any]:
    """The one who counts now (POM in custody, COM outside), and the other one where both are recorded."""
    roles = ("POM", "COM") if row.custody_prison else ("COM", "POM")
    recorded = {"POM": row.pom_id, "COM": row.com_id}
    now = [role for role in roles if recorded[role] is not None]
    return {
        "offender_manager": people.get(recorded[now[0]]) if now else None,
        "offender_manager_role": now[0] if now else None,
        "expected_offender_manager": roles[0],
        "other_offender_manager": people.get(recorded[now[1]]) if len(now) > 1 else None,
    }


def _authority(work: Work, opened: Opened) -> str | None:
    """Few records have one, so few ask for their key here."""
    sealed = opened.row.authority
    return work.runtime.readable(opened.nominal_id, AUTHORITY, sealed) if sealed is not None else None


_AS_THEY_ARE = (
    "visor_number",
    "status",
    "category",
    "level",
    "statutory_supervision",
    "lead_agency",
    "review_on",
    "deregistered_on",
    "jurisdiction",
    "date_of_birth",
    "sex",
    "risk_level",
    "risk_since",
    "address",
    "general_comments",
    "custody_since",
    "limited_access",
    "version",
    "standing_version",
)


def _same(row: Any) -> dict[str, Any]:
    values = row._asdict()
    return {name: values[name] for name in _AS_THEY_ARE}


def _whole(name: list[str]) -> str:
    return f"{name[1]} {name[2]}".strip()


def _named(code: str, name: str | None) -> dict[str, str]:
    """A unit that the directory has not told us of yet is shown by its code."""
    return {"code": code, "name": code if name is None else name}


def _card(card: list[str]) -> dict[str, Any]:
    id, name, telephone, agency, unit = card
    return {
        "person_id": id,
        "name": name,
        "telephone": telephone,
        "agency": agency,
        "unit": unit,
        "card_url": card_url(UUID(id)),
    }
