"""Which referrals wait for a record; their rows are no nominal's own (nominals/keepers.py)."""

from __future__ import annotations

from services.records.nominals.occasions import occasion
from services.records.referrals.models import Referral

_open = Referral.status == "open"
_registered = _open & (Referral.source == "registration")
occasion(
    "records.referral.registered",
    Referral.id,
    Referral.unit,
    _registered,
    Referral.duty.in_(("D-01", "D-04")),
)
occasion(
    "records.referral.due",
    Referral.id,
    Referral.unit,
    _registered,
    Referral.duty.in_(("D-02", "D-03", "D-47")),
)
occasion("records.referral.asked", Referral.id, Referral.unit, _open, Referral.prison.is_not(None))
