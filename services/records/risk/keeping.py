"""Assessments in whole-record acts: they go with the entries that they are of."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.risk.models import COMMENT, RiskAssessment

keep(RiskAssessment, sealed={"comment": COMMENT})
