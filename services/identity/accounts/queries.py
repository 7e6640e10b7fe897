"""What one holds: one's own at any time; somebody else's for their CPC and administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.ending import ending_soon
from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.accounts.leavers import open_tokens
from services.identity.accounts.missing import missing
from services.identity.appointments.table import label as role_label
from services.identity.authority import may_look_after
from services.identity.documents.signed import to_sign
from services.identity.people.cards import cards
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.schemas import AccessAnswer
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact, roles_of, whom_to_ask
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.tokens.table import label as token_label
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord, VettingType
from services.identity.vetting.records import as_clearance
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "accounts.mine",
    path="/my-access",
    input=Nothing,
    answer=AccessAnswer,
    page=Page("My access", "accounts/access.html"),
)
def my_access(work: Work) -> dict[str, Any]:
    """PI-A.4: what I hold, when it ends, what is missing, and whom to ask."""
    person = person_or_404(work, work.principal.person_id)
    work.concerns(subject=("person", person.id))
    return _access(work, person) | {"own": True, "may_change": False, "places": _places(work)}


def _places(work: Work) -> list[tuple[str, str]]:
    """The lists of others' accounts that this person has something to do with."""
    who = work.principal
    decides = who.holds("cpc") or bool(who.deputy_for)
    nominates = who.holds("lpc", "admin") or who.has_role("visor_lead", "spo", "governor")
    leads = select(Person.id).where(Person.line_manager == who.person_id, Person.state != "archived")
    found = [("Onboarding: who is on the way to an account", "/identity/onboarding", decides or nominates)]
    found.append(("Leavers", "/identity/leavers", decides or who.holds("central_support", "admin")))
    not_used = decides or who.holds("central_support") or who.has_role("visor_lead")
    found.append(("Accounts not used", "/identity/dormant-accounts", not_used))
    is_manager = work.session.execute(leads.limit(1)).first() is not None
    found.append(("My team", "/identity/my-team", is_manager))
    return [(text, address) for text, address, shown in found if shown]


@service.query(
    "accounts.access",
    path="/people/<uuid:person_id>/access",
    input=Nothing,
    answer=AccessAnswer,
    page=Page("Access", "accounts/access.html"),
)
def access_of(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """PF-4.16a.2: for the CPC of the person's area, group or force, those who appoint the CPC, and administrators."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    reach = reach_of(work, person)
    if not (may_look_after(reach) or reach.appoints_cpc):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    return _access(work, person) | {"own": False, "may_change": person.id != work.principal.person_id}


def _access(work: Work, person: Person) -> dict[str, Any]:
    session = work.session
    agency = session.get_one(Agency, person.agency)
    return {
        "person": cards(session, [person])[0],
        "state": person.state,
        "vetting": [_vetting(record, work) for record in _of(work, VettingRecord, person)],
        "training": _of(work, TrainingRecord, person),
        "documents": [
            {
                "title": each.document.short_title,
                "version": each.version.version,
                "signed_at": each.signature.signed_at if each.signature else None,
            }
            for each in to_sign(session, person.id, agency.kind)
        ],
        "tokens": [held(work, grant, grant.token) for grant in open_tokens(work, person)],
        "roles": [held(work, grant, grant.role) for grant in roles_of(session, person.id)],
        "missing": [refusal.message for refusal in missing(work, person)],
        "ending": [{"what": what, "last_day": day} for what, day in ending_soon(work, person.id)],
        "cpc": whom_to_ask(session, person),
    }


def _vetting(record: VettingRecord, work: Work) -> dict[str, Any]:
    kind = work.session.get_one(VettingType, record.kind)
    return {
        "id": record.id,
        "kind": record.kind,
        "level": kind.level,
        "cleared_on": record.cleared_on,
        "expires_on": record.expires_on,
        "counts": as_clearance(record, kind, work.policy).counts(work.today),
        "revoked": record.revoked_at is not None,
    }


def held(work: Work, grant: TokenGrant | RoleGrant, name: str) -> dict[str, Any]:
    """`title` and `unit_name` are for people."""
    return {
        "id": grant.id,
        "name": name,
        "title": token_label(name) if isinstance(grant, TokenGrant) else role_label(name),
        "unit": grant.unit,
        "unit_name": work.session.get_one(Unit, grant.unit).name,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "suspended": isinstance(grant, TokenGrant) and grant.suspended_at is not None,
    }


def _open_tokens(work: Work, person: Person) -> list[TokenGrant]:
    found = select(TokenGrant).where(TokenGrant.person_id == person.id, TokenGrant.ended_at.is_(None))
    return list(work.session.execute(found.order_by(TokenGrant.token, TokenGrant.unit)).scalars())


def _of(work: Work, model: Any, person: Person) -> list[Any]:
    found = select(model).where(model.person_id == person.id).order_by(model.id.desc())
    return list(work.session.execute(found).scalars())
