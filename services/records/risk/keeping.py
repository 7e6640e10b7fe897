"""Assessments in whole-record acts: they go with the entries that they are of."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion
from services.records.risk.models import COMMENT, RiskAssessment
from services.records.risk.rules import AWAITING

keep(RiskAssessment, sealed={"comment": COMMENT})
occasion(
    "records.assessment.added",
    RiskAssessment.round_id,
    Nominal.managing_unit,
    RiskAssessment.state == AWAITING,
    join=(Nominal, Nominal.id == RiskAssessment.nominal_id),
)
