"""Which records a bulk transfer is about, and what keeps each of them: one query, whatever their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select

from services.records.access.standings import standings
from services.records.bulk_transfer.models import BulkTransfer, BulkTransferItem
from services.records.bulk_transfer.rules import UNDER_WAY, Going, Way, answers_for, may_answer, why_not
from services.records.nominals.models import Name, Nominal
from services.records.nominals.owners import Place, kind_of_agency, owning_place
from services.records.risk.queries import documents_of
from services.records.risk.rules import Documents, termination_problem
from services.records.transfers.blocking import open_duties
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.refusals import Invalid, Refusal
from shared.work import Work

OVER = ("cpc", "deputy")


@dataclass(frozen=True)
class Route:
    """From the records of `source` (a managing unit, or the owner itself for all of them) to a place."""

    source: str
    source_name: str
    owner: str
    agency: str
    to: Place
    to_name: str

    @property
    def way(self) -> Way:
        return Way(kind_of_agency(self.agency), kind_of_agency(self.to.owner_agency), self.to.jurisdiction)


@dataclass(frozen=True, slots=True)
class Standing:
    """One record as the lists show it, and the codes of what keeps it."""

    nominal_id: UUID
    visor_number: str
    name: str
    category: str
    level: int | None
    limited: bool
    why: list[str]


def refused(work: Work, owner: str, code: str = "R11") -> Refusal:
    cpc = read_model.owning_cpc(work.session, owner)
    return Refusal(code, token="cpc", contact=contact("CPC", cpc))  # noqa: S106 - a token is an access right here


def route(work: Work, from_unit: str, to_unit: str) -> Route:
    """Raises R30 or R11 for whoever is not the CPC (or her deputy) of the records' owner, Invalid for a wrong place."""
    source = read_model.unit(work.session, from_unit)
    if source is None:
        raise Invalid({"from_unit": ["Choose a unit from the list"]})
    owners = answers_for(work.principal)
    owner = next((code for code in read_model.above(work.session, from_unit) if code in owners), None)
    if owner is None:
        raise refused(work, from_unit, may_answer(work.principal, from_unit) or "R11")
    to = owning_place(work, to_unit, "to_unit")
    if to_unit == from_unit or (to.owner_unit == owner and from_unit == owner):
        raise Invalid({"to_unit": ["Choose a unit other than the one that the records leave"]})
    name = read_model.units(work.session, [to_unit])[to_unit].name
    return Route(source.code, source.name, owner, source.agency, to, name)


def records_of(work: Work, chosen: Route) -> Select[Any]:
    """The live records that leave, as far as the principal answers for them: (id)."""
    over = standings(work.principal)
    mine = select(over.c.nominal_id).where(over.c.standing.in_(OVER))
    here = of_source(chosen.owner, chosen.source)
    return select(Nominal.id).where(Nominal.id.in_(mine), Nominal.status == "live", *here)


def of_source(owner: str, source: str) -> tuple[Any, ...]:
    """Of the whole owner, or of one managing unit of theirs."""
    own = (Nominal.owner_unit == owner,)
    return own if source == owner else (*own, Nominal.managing_unit == source)


def listed_of(owner: str) -> Select[Any]:
    """The owner's records that wait on the list of a bulk transfer under way: (nominal_id)."""
    return (
        select(BulkTransferItem.nominal_id)
        .join(BulkTransfer, BulkTransfer.id == BulkTransferItem.bulk_id)
        .where(
            BulkTransfer.from_owner == owner,
            BulkTransfer.state.in_(UNDER_WAY),
            BulkTransferItem.result.is_(None),
        )
    )


def states(
    work: Work, wanted: Any, way: Way, here: tuple[Any, ...], listed: ColumnElement[bool] | None = None
) -> list[Standing]:
    """Each of these (a select of ids, or ids) with what keeps it, by ViSOR number."""
    pending = exists().where(Transfer.nominal_id == Nominal.id, Transfer.state.in_(OPEN))
    papers = documents_of(Nominal.id)
    columns = (
        Nominal.id,
        Nominal.visor_number,
        func.trim(func.concat(Name.forenames, " ", Name.surname)).label("name"),
        Nominal.category,
        Nominal.level,
        Nominal.limited_access,
        Nominal.status,
        Nominal.statutory_supervision,
    )
    found = (
        select(
            *columns,
            and_(*here).label("here"),
            pending.label("pending"),
            (false() if listed is None else listed).label("listed"),
            *(count.label(f"duty_{number}") for number, count in enumerate(open_duties(Nominal.id))),
            *(day.label(f"paper_{number}") for number, day in enumerate(papers)),
        )
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .where(Nominal.id.in_(wanted))
        .order_by(Nominal.visor_number)
    )
    return [_standing(row, way) for row in work.session.execute(found)]


def _standing(row: Any, way: Way) -> Standing:
    going = Going(
        status=row.status,
        category=row.category,
        supervised=row.statutory_supervision,
        limited=row.limited_access,
        here=row.here,
        duties=(row.duty_0, row.duty_1, row.duty_2, row.duty_3),
        open_transfer=row.pending,
        has_termination=termination_problem(Documents(row.paper_0, row.paper_1)) is None,
        listed=row.listed,
    )
    return Standing(
        row.id, row.visor_number, row.name, row.category, row.level, row.limited_access, why_not(going, way)
    )
