"""What still waits for somebody, for each of identity's facts that starts a deadline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from services.identity.accounts.models import Dormancy, Leaver
from services.identity.central_support.models import CentralSupportRequest
from services.identity.coverage.models import LeadAsked, LeadAssurance
from services.identity.documents.models import Signing
from services.identity.log_on_audit.models import LogOnAudit, SupervisionDate
from services.identity.people.models import Person
from services.identity.staffing.models import RegionPlan
from services.identity.terminals.models import Assurance, Terminal
from services.identity.training.models import ELearning
from services.identity.vetting.models import VettingEnd
from shared.reconciliation.occasions import Occasions

_IDENTITY = Occasions()
occasion, occasions = _IDENTITY.add, _IDENTITY.all


def _of_person(fact: str, row: Any, person: Any, *where: ColumnElement[bool]) -> None:
    """Whose unit is the person's of now: it moves with them."""
    occasion(fact, row.id, Person.unit, *where, join=(Person, Person.id == person), moves=True)


_of_person("identity.vetting.expiring", VettingEnd, VettingEnd.person_id, VettingEnd.settled_at.is_(None))
_of_person(
    "identity.supervision.booked",
    SupervisionDate,
    SupervisionDate.practitioner,
    SupervisionDate.prepared_on.is_(None),
    SupervisionDate.ended_on.is_(None),
)
# An audit that somebody began by themselves was never due.
occasion(
    "identity.log_on_audit.due",
    LogOnAudit.id,
    LogOnAudit.unit,
    LogOnAudit.due_on.is_not(None),
    LogOnAudit.state != "signed",
)
_of_person("identity.account.leaving", Leaver, Leaver.person_id, Leaver.closed_at.is_(None))
occasion("identity.document.to_sign", Signing.id, Signing.unit, Signing.settled_at.is_(None))
_of_person("identity.account.unused", Dormancy, Dormancy.person_id, Dormancy.decided_at.is_(None))
_of_person(
    "identity.e_learning.owed",
    ELearning,
    ELearning.person_id,
    ELearning.told_at.is_not(None),
    ELearning.completed_on.is_(None),
)
occasion(
    "identity.central_support.asked",
    CentralSupportRequest.id,
    CentralSupportRequest.unit,
    CentralSupportRequest.state == "open",
)
occasion(
    "identity.terminal.assurance_due",
    Assurance.id,
    Terminal.unit,
    Assurance.closed_at.is_(None),
    join=(Terminal, Terminal.id == Assurance.terminal_id),
    moves=True,
)
occasion(
    "identity.lead_assurance.due",
    LeadAsked.id,
    LeadAsked.unit,
    ~exists().where(LeadAssurance.unit == LeadAsked.unit, LeadAssurance.month == LeadAsked.month),
)
occasion("identity.region_plan.kept", RegionPlan.id, RegionPlan.region, RegionPlan.superseded_at.is_(None))
