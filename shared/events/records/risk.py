"""Risk assessments: added, signed off, returned. Levels are not told: whoever may read the record reads them there."""

from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class AssessmentAdded(OfNominal):
    """`round_id` is new each time the assessment awaits sign-off."""

    assessment_id = fields.UUID(required=True)
    added_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    round_id = fields.UUID(required=True)


class AssessmentDecided(OfNominal):
    assessment_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)


ASSESSMENT_ADDED = register(EventKind("records.assessment.added", 1, AssessmentAdded))
ASSESSMENT_SIGNED_OFF = register(EventKind("records.assessment.signed_off", 1, AssessmentDecided))
ASSESSMENT_RETURNED = register(EventKind("records.assessment.returned", 1, AssessmentDecided))
ASSESSMENT_WITHDRAWN = register(EventKind("records.assessment.withdrawn", 1, AssessmentDecided))
