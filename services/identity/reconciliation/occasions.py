"""What still waits for somebody, for each of identity's facts that starts a deadline."""

from __future__ import annotations

from sqlalchemy import exists

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

# What is a person's, or of a terminal, moves with them.
occasion(
    "identity.vetting.expiring",
    VettingEnd.id,
    Person.unit,
    VettingEnd.settled_at.is_(None),
    join=(Person, Person.id == VettingEnd.person_id),
    moves=True,
)
occasion(
    "identity.supervision.booked",
    SupervisionDate.id,
    Person.unit,
    SupervisionDate.prepared_on.is_(None),
    SupervisionDate.ended_on.is_(None),
    join=(Person, Person.id == SupervisionDate.practitioner),
    moves=True,
)
# An audit that somebody began by themselves was never due.
occasion(
    "identity.log_on_audit.due",
    LogOnAudit.id,
    LogOnAudit.unit,
    LogOnAudit.due_on.is_not(None),
    LogOnAudit.state != "signed",
)
occasion(
    "identity.account.leaving",
    Leaver.id,
    Person.unit,
    Leaver.closed_at.is_(None),
    join=(Person, Person.id == Leaver.person_id),
    moves=True,
)
occasion("identity.document.to_sign", Signing.id, Signing.unit, Signing.settled_at.is_(None))
occasion(
    "identity.account.unused",
    Dormancy.id,
    Person.unit,
    Dormancy.decided_at.is_(None),
    join=(Person, Person.id == Dormancy.person_id),
    moves=True,
)
occasion(
    "identity.e_learning.owed",
    ELearning.id,
    Person.unit,
    ELearning.told_at.is_not(None),
    ELearning.completed_on.is_(None),
    join=(Person, Person.id == ELearning.person_id),
    moves=True,
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
