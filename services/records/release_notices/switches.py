"""Which prisons' notices are on, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.records.release_notices.models import ReleaseNoticeSwitch as Switch


def is_on(session: Session, prison: str, day: date) -> bool:
    """Off until somebody says otherwise (PSI-6.2)."""
    latest = select(Switch.on).where(Switch.prison == prison, Switch.from_day <= day)
    return bool(session.execute(latest.order_by(Switch.from_day.desc()).limit(1)).scalar())


def newest(session: Session, prisons: Collection[str], day: date) -> dict[str, Switch]:
    """The one that stands, of each of these prisons that has one."""
    found = select(Switch).where(Switch.prison.in_(prisons), Switch.from_day <= day)
    latest = found.ext(distinct_on(Switch.prison)).order_by(Switch.prison, Switch.from_day.desc())
    return {one.prison: one for one in session.execute(latest).scalars()}
