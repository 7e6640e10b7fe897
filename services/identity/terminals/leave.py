"""Whether a network is Wi-Fi that nobody has leave to use (PF-6.6): looked at by every sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.identity.people.units import above
from services.identity.terminals.models import NetworkRange, WifiGrant


def is_barred(session: Session, network: NetworkRange, today: date) -> bool:
    """Whether this network is Wi-Fi for which nobody has leave today (PF-6.6.1, PF-6.6.2)."""
    if network.kind != "wifi":
        return False
    return not session.execute(select(_granted(above(session, network.unit), today).exists())).scalar()


def _granted(units: Iterable[str], today: date) -> Select[UUID]:
    return select(WifiGrant.id).where(
        WifiGrant.unit.in_(list(units)),
        WifiGrant.ended_at.is_(None),
        WifiGrant.valid_from <= today,
        WifiGrant.valid_to >= today,
    )
