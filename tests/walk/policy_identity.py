"""People, orders and terminals for identity's rows of the table, put into its database as they are needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.models import Leaver, Onboarding
from services.identity.people.models import Person, Unit
from services.identity.terminals.models import Terminal
from services.identity.tokens.models import TokenGrant, TokenOrder
from services.identity.vetting.models import VettingRecord
from shared.ids import new_id
from shared.work import NOBODY, Work
from tests.journeys.world import World
from tests.walk.policy_people import COLUMNS, ELSEWHERE, FORCE, LEEDS, PRISON
from tests.walk.policy_table import Cell

OTHER_FORCE, OTHER_PRISON = "force-12", "prison-LEI"
_OWN = {"probation": LEEDS, "police": FORCE, "prison": PRISON}
_OTHER = {"probation": ELSEWHERE, "police": OTHER_FORCE, "prison": OTHER_PRISON}


def place(cell: Cell) -> str:
    """A unit of the column's own area, group or force, or of another."""
    return (_OTHER if cell.relation == "elsewhere" else _OWN)[COLUMNS[cell.column].home]


def somebody(world: World, unit: str, *, state: str = "active", left: bool = False) -> UUID:
    """Cleared to NPPV level 3. `left`: reported as a leaver, and confirmed by the CPC."""
    person_id, runtime = new_id(), world.runtimes["identity"]
    with runtime.system_work("test.somebody") as work:
        home = work.session.get_one(Unit, unit)
        work.session.add(
            Person(
                id=person_id,
                username=f"walk.{person_id.hex[-14:]}",
                name="Wanda Walk",
                job_title="Manager",
                email="wanda.walk@example.org",
                telephone="0113 496 0000",
                agency=home.agency,
                unit=unit,
                state=state,
                disabled_reason="left" if state == "disabled" else None,
                created_at=work.system_now,
            )
        )
        work.session.flush()
        work.session.add_all(_cleared(work, person_id))
        if state in {"requested", "authorised"}:
            work.session.add(_onboarding(work, person_id, state))
        if left:
            work.session.add(_leaver(work, person_id))
    return person_id


def order(world: World, person_id: UUID, unit: str) -> UUID:
    """What somebody else authorised."""
    other = somebody(world, LEEDS)
    with world.runtimes["identity"].system_work("test.order") as work:
        made = TokenOrder(
            token="supervisor",
            person_id=person_id,
            unit=unit,
            valid_from=work.today,
            reason="Needed for the role",
            authorised_by=other,
            authorised_at=work.system_now,
        )
        work.session.add(made)
        work.session.flush()
        return made.id


def token(world: World, person_id: UUID, name: str, unit: str) -> UUID:
    held = select(TokenGrant.id).where(
        TokenGrant.token == name,
        TokenGrant.person_id == person_id,
        TokenGrant.unit == unit,
        TokenGrant.ended_at.is_(None),
    )
    with world.runtimes["identity"].system_work("test.token") as work:
        known = work.session.execute(held).scalar_one_or_none()
        if known is not None:
            return known
        made = TokenGrant(
            token=name,
            person_id=person_id,
            unit=unit,
            valid_from=work.today,
            granted_by=NOBODY,
            granted_at=work.system_now,
            started_at=work.system_now,
            reason="Needed for the role",
        )
        work.session.add(made)
        work.session.flush()
        return made.id


def cpc_grant(world: World, unit: str) -> UUID:
    """The token of the CPC of an area; ended, once a cell has ended it; a new one where the area has none."""
    asked = select(TokenGrant.id).where(TokenGrant.token == "cpc", TokenGrant.unit == unit)
    with world.runtimes["identity"].system_work("test.cpc") as work:
        known = work.session.execute(asked.order_by(TokenGrant.id).limit(1)).scalar_one_or_none()
    return known or token(world, somebody(world, unit), "cpc", unit)


def terminal(world: World, cell: Cell) -> UUID:
    """One of the place that the cell names; prisons alone have terminals, and stand in for the others' places."""
    unit = OTHER_PRISON if cell.relation == "elsewhere" else PRISON
    asked = select(Terminal.id).where(Terminal.unit == unit).order_by(Terminal.asset_tag).limit(1)
    with world.runtimes["identity"].system_work("test.terminal") as work:
        return work.session.execute(asked).scalar_one()


def _cleared(work: Work, person_id: UUID) -> list[Any]:
    return [
        VettingRecord(
            person_id=person_id,
            kind="nppv3",
            reference="V1",
            vetting_force="West Yorkshire Police",
            cleared_on=work.today - timedelta(days=100),
            expires_on=work.today + timedelta(days=300),
            recorded_by=NOBODY,
            recorded_at=work.system_now,
        )
    ]


def _onboarding(work: Work, person_id: UUID, state: str) -> Onboarding:
    made = Onboarding(person_id=person_id, nominated_by=NOBODY, nominated_at=work.system_now)
    made.requested_by, made.requested_at, made.reason = NOBODY, work.system_now, "Needed"
    if state == "authorised":
        made.authorised_by, made.authorised_at = NOBODY, work.system_now
    return made


def _leaver(work: Work, person_id: UUID) -> Leaver:
    return Leaver(
        person_id=person_id,
        left_on=work.today,
        reported_by=NOBODY,
        reported_as="cpc",
        reported_at=work.system_now,
        confirmed_by=NOBODY,
        confirmed_at=work.system_now,
    )
