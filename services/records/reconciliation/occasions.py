"""What still waits for somebody, and of which fact it was told, under the conditions under which it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.records.imminent_risk.models import ImminentRisk, Told
from services.records.meetings.models import Meeting
from services.records.nominals.models import Nominal
from services.records.partnership.models import Draft, Request
from services.records.referrals.models import Referral
from services.records.risk.models import RiskAssessment
from services.records.risk.rules import AWAITING


@dataclass(frozen=True)
class Occasion:
    """`waiting` selects (id, unit): the subject of `fact`, and whose business it is."""

    fact: str
    id: Any
    waiting: Any


def _of(fact: str, subject: Any, unit: Any, *where: Any) -> Occasion:
    return Occasion(fact, subject, select(subject.label("id"), unit.label("unit")).where(*where))


_owes = select(Told.risk_id).where(Told.risk_id == ImminentRisk.id, Told.acknowledged_at.is_(None)).exists()
_open = (Referral.status == "open") & (Referral.source == "registration")
OCCASIONS: Sequence[Occasion] = (
    Occasion(
        "records.partnership.requested",
        Request.id,
        select(Request.id.label("id"), Nominal.owner_unit.label("unit"))
        .join(Nominal, Nominal.id == Request.nominal_id)
        .where(Request.state == "requested"),
    ),
    _of(
        "records.meeting.held",
        Meeting.id,
        Meeting.managing_unit,
        Meeting.minutes_added_at.is_(None),
        Meeting.level.is_not(None),
    ),
    _of(
        "records.minutes.received",
        Meeting.id,
        Meeting.managing_unit,
        Meeting.minutes_added_at.is_(None),
        Meeting.minutes_received_on.is_not(None),
    ),
    _of(
        "records.referral.registered", Referral.id, Referral.unit, _open, Referral.duty.in_(("D-01", "D-04"))
    ),
    _of(
        "records.referral.due", Referral.id, Referral.unit, _open, Referral.duty.in_(("D-02", "D-03", "D-47"))
    ),
    _of(
        "records.partnership.removal_drafted",
        Draft.id,
        Draft.unit,
        Draft.kind == "removal",
        Draft.state == "open",
    ),
    Occasion(
        "records.assessment.added",
        RiskAssessment.round_id,
        select(RiskAssessment.round_id.label("id"), Nominal.managing_unit.label("unit"))
        .join(Nominal, Nominal.id == RiskAssessment.nominal_id)
        .where(RiskAssessment.state == AWAITING),
    ),
    _of(
        "records.imminent_risk.raised",
        ImminentRisk.id,
        ImminentRisk.managing_unit,
        ImminentRisk.stood_down_at.is_(None),
        _owes,
    ),
)
