"""The senior responsible officer's leave to use Wi-Fi (PF-6.6.2), and what it means for a sign-in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.identity.people.models import Unit
from services.identity.people.units import below
from services.identity.service import service
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from services.identity.terminals.leave import is_barred
from services.identity.terminals.models import NetworkRange, WifiGrant
from services.identity.terminals.registering import open_unit
from services.identity.terminals.schemas import EndWifiInput, WifiAnswer, WifiInput
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.events.identity.terminals import WIFI_ENDED, WIFI_GRANTED
from shared.events.registry import EventKind
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import EVERY_AGENCY, Work

SRO = "sro"


def require_sro(work: Work, unit: str) -> None:
    """The chief or senior responsible officer is one role (C-16). R32 for everybody else, the CPC included."""
    if not work.principal.has_role(SRO):
        raise Refusal("R32", role="the senior responsible officer (SRO)", contact=cpc_contact(work, unit))


def _as_sro(work: Work) -> dict[str, str]:
    require_sro(work, work.principal.unit)
    return {}


def _about(work: Work, grant_id: UUID) -> dict[str, str]:
    found = _or_404(work, grant_id)
    require_sro(work, found.unit)
    return {"about": work.session.get_one(Unit, found.unit).name}


@service.command(
    "wifi.grant",
    path="/wifi-grants",
    input=WifiInput,
    answer=WifiAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/wifi-grants/new",
        title="Grant leave to use Wi-Fi",
        button="Grant the leave",
        done="The leave to use Wi-Fi has been granted.",
        next="/wifi-grants",
        values=_as_sro,
        intro="Registered Wi-Fi of the unit and of every unit below it counts like a cable for these days.",
    ),
)
def grant(work: Work, *, unit: str, provision: str, valid_from: date, valid_to: date) -> WifiGrant:
    """PF-6.6.2: expressly granted, with the extra security provision, for a time that ends."""
    require_sro(work, unit)
    open_unit(work, unit)
    if valid_to < max(valid_from, work.today):
        raise Invalid({"valid_to": ["The last day must not be before the first, or past."]})
    made = WifiGrant(
        unit=unit,
        provision=provision,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=work.principal.person_id,
        granted_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("wifi_grant", made.id), unit=unit, valid_to=valid_to.isoformat())
    _tell(work, WIFI_GRANTED, made)
    return made


@service.command(
    "wifi.end",
    path="/wifi-grants/<uuid:grant_id>/end",
    input=EndWifiInput,
    answer=Done,
    form=FormPage(
        title="End the leave to use Wi-Fi",
        button="End the leave",
        done="The leave has ended. Whoever worked over that Wi-Fi is signed out within seconds.",
        next="/wifi-grants",
        values=_about,
    ),
)
def end(work: Work, *, grant_id: UUID, reason: str) -> None:
    found = _or_404(work, grant_id)
    require_sro(work, found.unit)
    if found.ended_at is None:
        end_grant(work, found, reason)


def end_grant(work: Work, found: WifiGrant, reason: str) -> int:
    """Sessions that only this leave allowed end with it. Returns how many."""
    found.ended_at, found.ended_by, found.end_reason = work.system_now, work.principal.person_id, reason
    work.session.flush()
    _tell(work, WIFI_ENDED, found)
    return end_barred_sessions(work, found.unit)


def end_barred_sessions(work: Work, unit: str) -> int:
    """Sessions over Wi-Fi of the unit and below for which nobody has leave any more."""
    networks = select(NetworkRange).where(
        NetworkRange.kind == "wifi", NetworkRange.unit.in_(below(work.session, [unit]))
    )
    barred = [
        one.id for one in work.session.execute(networks).scalars() if is_barred(work.session, one, work.today)
    ]
    open_ones = select(SignInSession).where(
        SignInSession.network_id.in_(barred), SignInSession.ended_at.is_(None)
    )
    sessions = work.session.execute(open_ones.with_for_update()).scalars().all()
    for one in sessions:
        end_session(work, one, "wifi_leave_ended")
    return len(sessions)


def _or_404(work: Work, grant_id: UUID) -> WifiGrant:
    found = work.session.get(WifiGrant, grant_id, with_for_update=True)
    if found is None:
        raise NotFound
    work.concerns(subject=("wifi_grant", found.id), unit=found.unit)
    return found


def _tell(work: Work, kind: EventKind, found: WifiGrant) -> None:
    data = {"grant_id": found.id, "unit": found.unit}
    work.emit(kind, data, aggregate=("wifi_grant", found.id), agencies=(EVERY_AGENCY,))
