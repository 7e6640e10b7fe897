from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class PrisonRiskTold(OfNominal):
    """An alert or case note of a listed type was added in NOMIS: the record is to be brought into line (PF-5.22)."""

    told_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    prison = fields.String(required=True)


PRISON_RISK_TOLD = register(EventKind("records.prison_risk.told", 1, PrisonRiskTold))
