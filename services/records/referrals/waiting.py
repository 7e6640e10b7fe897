"""The referrals that wait: for a deadline, or for the record itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, func, or_, select

from services.records.referrals.models import Referral
from shared.work import Work


def waiting() -> Select[Referral]:
    """Locks what it finds; what another process is at is passed over."""
    return (
        select(Referral)
        .where(Referral.status == "open", Referral.duty.is_(None), Referral.source == "registration")
        .order_by(Referral.id)
        .with_for_update(skip_locked=True)
    )


def open_with(work: Work, numbers: Mapping[str, str]) -> Referral | None:
    """The open referral of whoever has one of these numbers, locked.

    Of two who come with the same number at one moment the second waits for the first, and finds its row.
    """
    if not numbers:
        return None
    for kind, value in sorted(numbers.items()):
        key = func.hashtextextended(f"referral|{kind}|{value}", 0)
        work.session.execute(select(func.pg_advisory_xact_lock(key)))
    same = or_(*(getattr(Referral, kind) == value for kind, value in numbers.items()))
    found = select(Referral).where(Referral.status == "open", same).with_for_update()
    return work.session.scalars(found.order_by(Referral.id).limit(1)).first()
