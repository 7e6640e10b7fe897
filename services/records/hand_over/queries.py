"""What somebody holds that one may hand over, and who holds anything at all: leavers first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.standings import standings
from services.records.hand_over.rules import ALLOCATING, MOST
from services.records.hand_over.schemas import HeldAnswer, HeldInput, HoldersAnswer
from services.records.nominals.models import Name, Nominal
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "hand_over.holders",
    path="/hand-over",
    input=Nothing,
    answer=HoldersAnswer,
    page=Page("Hand records over", "hand_over/holders.html"),
)
def holders(work: Work) -> dict[str, Any]:
    """Everybody who is manager or supervisor of a live record of one's own unit, area or force; leavers first."""
    counted: dict[UUID, dict[str, int]] = {}
    for role in ("manager", "supervisor"):
        column = getattr(Nominal, f"{role}_id")
        held = select(column, func.count()).where(
            column.is_not(None), Nominal.status == "live", Nominal.id.in_(_reached(work, ()))
        )
        for person_id, count in work.session.execute(held.group_by(column)):
            counted.setdefault(person_id, {"manager": 0, "supervisor": 0})[role] = count
    cards = read_model.people(work.session, counted)
    rows = [_holder(person_id, cards.get(person_id), count) for person_id, count in counted.items()]
    work.concerns(count=len(rows))
    return {"holders": sorted(rows, key=lambda row: (row["active"], row["name"] or ""))}


def _holder(person_id: UUID, card: read_model.PersonCard | None, count: dict[str, int]) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "name": card.name if card else None,
        "person": Person(person_id, card.name) if card else "A user not known here",
        "active": bool(card and card.active),
        "manager_of": count["manager"],
        "supervisor_of": count["supervisor"],
    }


@service.query(
    "hand_over.held",
    path="/hand-over/<uuid:person_id>",
    input=HeldInput,
    answer=HeldAnswer,
)
def held(work: Work, *, person_id: UUID, role: str = "manager") -> dict[str, Any]:
    """The live records that this person is manager (or supervisor) of, as far as one may hand them over."""
    column = getattr(Nominal, f"{role}_id")
    found = (
        select(
            Nominal.id,
            Nominal.visor_number,
            Nominal.category,
            Nominal.level,
            Nominal.managing_unit,
            Name.forenames,
            Name.surname,
        )
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .where(column == person_id, Nominal.status == "live", Nominal.id.in_(_reached(work, (role,))))
        .order_by(Nominal.visor_number)
        .limit(MOST + 1)
    )
    rows = work.session.execute(found).all()
    card = read_model.person(work.session, person_id)
    work.concerns(subject=("person", person_id), count=len(rows[:MOST]), role=role)
    return {
        "person_id": person_id,
        "name": card.name if card else None,
        "person": Person(person_id, card.name) if card else "A user not known here",
        "active": bool(card and card.active),
        "more": len(rows) > MOST,
        "nominals": [
            {
                **dict(
                    zip(
                        ("nominal_id", "visor_number", "category", "level", "managing_unit"),
                        row,
                        strict=False,
                    )
                ),
                "name": f"{row.forenames} {row.surname}".strip(),
            }
            for row in rows[:MOST]
        ],
    }


def _reached(work: Work, own: tuple[str, ...]) -> Any:
    """The records whose parts the principal may hand over. Raises R11 for who may hand over none."""
    if not (work.principal.holds("manager", "supervisor", "lpc", "cpc") or work.principal.deputy_for):
        cpc = your_cpc(work)
        raise Refusal("R11", token="manager, supervisor, LPC or CPC", contact=cpc)  # noqa: S106 - an access right
    stands = standings(work.principal)
    return select(stands.c.nominal_id).where(stands.c.standing.in_((*ALLOCATING, *own)))
