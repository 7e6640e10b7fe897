"""Recording network entitlements beside an account, ending them, and reading them (PSI-7.3.1, PSI-7.3.3, PI-A.3)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of, require_authority
from services.identity.authority import may_look_after
from services.identity.entitlements.gateways import gateways, wrong_days
from services.identity.entitlements.models import NetworkEntitlement
from services.identity.entitlements.schemas import EntitlementsAnswer, RecordEntitlementInput
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Work

service.constraints["uq_network_entitlement_open"] = lambda: Refusal(
    "R34", what="This entitlement is recorded already."
)


def _about(work: Work, person_id: UUID) -> dict[str, str]:
    person = person_or_404(work, person_id)
    require_authority(work, person, "network entitlement")
    return {"about": about(person)}


@service.command(
    "entitlements.record",
    path="/people/<uuid:person_id>/entitlements",
    input=RecordEntitlementInput,
    answer=Done,
    form=FormPage(
        path="/people/<uuid:person_id>/entitlements/record",
        title="Record a network entitlement",
        button="Record the entitlement",
        done="The entitlement has been recorded.",
        next="/people/{person_id}/entitlements",
        values=_about,
    ),
)
def record(
    work: Work, *, person_id: UUID, kind: str, reference: str, valid_from: date, valid_to: date | None
) -> None:
    """Beside the account: it opens nothing by itself, networks and terminals do."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), kind=kind)
    require_authority(work, person, "network entitlement")
    if wrong := wrong_days(kind, valid_from, valid_to, work.today):
        raise Invalid(wrong)
    made = NetworkEntitlement(
        person_id=person.id,
        kind=kind,
        reference=reference,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)


def _about_end(work: Work, entitlement_id: UUID) -> dict[str, str]:
    _found, person = _to_end(work, entitlement_id)
    return {"about": about(person)}


@service.command(
    "entitlements.end",
    path="/entitlements/<uuid:entitlement_id>/end",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="End a network entitlement",
        button="End the entitlement",
        done="The entitlement has ended.",
        next="/people",
        values=_about_end,
    ),
)
def end(work: Work, *, entitlement_id: UUID) -> None:
    """PSI-7.3.3: access through the gateway is removed when it is not required any more."""
    found, _person = _to_end(work, entitlement_id, lock=True)
    if found.valid_to is None:
        found.valid_to = max(work.today, found.valid_from)


def _to_end(work: Work, entitlement_id: UUID, *, lock: bool = False) -> tuple[NetworkEntitlement, Person]:
    found = work.session.get(NetworkEntitlement, entitlement_id, with_for_update=lock)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id)
    work.concerns(subject=("person", person.id), kind=found.kind)
    require_authority(work, person, "network entitlement")
    return found, person


@service.query(
    "entitlements.list",
    path="/people/<uuid:person_id>/entitlements",
    input=Nothing,
    answer=EntitlementsAnswer,
    page=Page("Network entitlements", "entitlements/list.html"),
)
def list_entitlements(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """One's own; somebody else's for whoever looks after their account."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    oneself = person.id == work.principal.person_id
    if not oneself and not may_look_after(reach_of(work, person)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    of_them = select(NetworkEntitlement).where(NetworkEntitlement.person_id == person.id)
    newest = of_them.order_by(NetworkEntitlement.valid_from.desc(), NetworkEntitlement.id.desc())
    columns = ("id", "kind", "reference", "valid_from", "valid_to")
    return {
        "person": person,
        "entitlements": [
            {name: getattr(one, name) for name in columns}
            | {"name": gateways()[one.kind].name, "contact": gateways()[one.kind].contact}
            for one in work.session.execute(newest).scalars()
        ],
        "may_change": not oneself,
    }


def end_entitlements(work: Work, person: Person) -> int:
    """For whoever archives the account: what is open ends today (PSI-7.3.3). Returns how many."""
    open_ones = select(NetworkEntitlement).where(
        NetworkEntitlement.person_id == person.id, NetworkEntitlement.valid_to.is_(None)
    )
    found = work.session.execute(open_ones.with_for_update()).scalars().all()
    for one in found:
        one.valid_to = max(work.today, one.valid_from)
    return len(found)
