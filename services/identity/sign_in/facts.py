"""Gathers what the rules of signing in look at."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.documents.papers import papers_of
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.units import below
from services.identity.sign_in.rules import Asking, NetworkSeen, TerminalSeen
from services.identity.terminals.leave import is_barred
from services.identity.terminals.locating import Place
from services.identity.terminals.models import NetworkRange, Terminal
from services.identity.tokens.holders import CPC, tokens_of
from services.identity.training.records import trained
from services.identity.vetting.records import clearances
from shared.policy import Policy


def gather(
    session: Session, policy: Policy, person: Person, place: Place, today: date, *, secure_office: bool
) -> Asking:
    agency = session.get_one(Agency, person.agency)
    papers = papers_of(session, person, policy.period("deadline.D-35", today))
    return Asking(
        name=person.name,
        agency=agency.code,
        agency_kind=agency.kind,
        account_state=person.state,
        disabled_reason=person.disabled_reason,
        clearances=clearances(session, person.id, policy),
        trained=trained(session, person.id, today),
        syops=papers.syops,
        documents=papers.others,
        terminal=_terminal(place.terminal) if place.terminal else None,
        network=_network(session, place.network, today) if place.network else None,
        secure_office=secure_office,
        prisons=_prisons(session, person, agency.kind),
        other_agencies=policy.text("network.other_agencies", today),
    )


def _terminal(terminal: Terminal) -> TerminalSeen:
    return TerminalSeen(terminal.unit, terminal.status == "approved")


def _network(session: Session, network: NetworkRange, today: date) -> NetworkSeen:
    agency = session.execute(
        select(Agency).join(Unit, Unit.agency == Agency.code).where(Unit.code == network.unit)
    ).scalar_one()
    return NetworkSeen(network.unit, agency.code, agency.kind, is_barred(session, network, today))


def _prisons(session: Session, person: Person, agency_kind: str) -> frozenset[str]:
    """One's own; a group's CPC, those of the group."""
    if agency_kind != "prison":
        return frozenset()
    groups = [grant.unit for grant in tokens_of(session, person.id) if grant.token == CPC]
    return below(session, [person.unit, *groups])
