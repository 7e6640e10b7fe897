"""What an operator watches of the nightly comparison."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.reconciliation.differences import open_ones
from services.notifications.reconciliation.models import Compared, Difference
from services.notifications.service import service


@service.gauge(
    "visor_reconciliation_differences",
    "Standings and deadlines that differ from what records and identity state",
)
def differences(session: Session, _now: datetime) -> float:
    return float(session.execute(open_ones()).scalar_one())


@service.gauge("visor_reconciliation_found", "Differences found in the last day, mended or not")
def found(session: Session, now: datetime) -> float:
    lately = select(func.count()).select_from(Difference).where(Difference.found_at > now - timedelta(days=1))
    return float(session.execute(lately).scalar_one())


@service.gauge(
    "visor_reconciliation_age_seconds", "How long ago anything was last compared with what was stated"
)
def age(session: Session, now: datetime) -> float:
    last: datetime | None = session.execute(select(func.max(Compared.at))).scalar()
    return max((now - last).total_seconds(), 0.0) if last else 0.0
