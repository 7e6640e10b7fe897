"""How much waits in each queue, for the units of a console; None of them reads a row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from services.identity.accounts.models import Dormancy, Leaver
from services.identity.accounts.unused import is_listed
from services.identity.adjustments.models import MandateExemption
from services.identity.central_support.models import CentralSupportRequest
from services.identity.coverage.models import CoverageGap
from services.identity.coverage.queries import assurances_due
from services.identity.log_on_audit.models import LogOnAudit
from services.identity.people.models import Person
from services.identity.policy.models import PolicyChange
from services.identity.prison_returns.figures import month_before
from services.identity.prison_returns.models import PrisonReturn
from services.identity.questions.commands import waiting
from services.identity.questions.models import AccessQuestion
from services.identity.staffing.models import StaffingDeclaration
from services.identity.terminals.models import Assessment, Terminal
from services.identity.tokens.holders import ACTIVE
from services.identity.tokens.models import TokenOrder
from services.identity.training.models import Certificate
from services.identity.vetting.covered import covered
from services.identity.vetting.models import VettingTypeChange
from shared.work import Work

Units = Select[Any]


def _people(work: Work, units: Units, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Person).where(Person.unit.in_(units), *conditions)
    return work.session.execute(query).scalar_one()


def _rows(work: Work, model: Any, *conditions: ColumnElement[bool]) -> int:
    return work.session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()


def _of_people(work: Work, units: Units, model: Any, *conditions: ColumnElement[bool]) -> int:
    there = model.person_id.in_(select(Person.id).where(Person.unit.in_(units)))
    return _rows(work, model, there, *conditions)


def requests(work: Work, units: Units) -> int:
    return _people(work, units, Person.state == "requested")


def newcomers(work: Work, units: Units) -> int:
    return _people(work, units, Person.state.in_(("nominated", "requested", "authorised", "created")))


def accounts_to_make(work: Work, units: Units) -> int:
    return _people(work, units, Person.state == "authorised")


def token_orders(work: Work, units: Units) -> int:
    return _rows(work, TokenOrder, TokenOrder.unit.in_(units), TokenOrder.state == "open")


def certificates(work: Work, units: Units) -> int:
    """Never one's own."""
    others = Certificate.person_id != work.principal.person_id
    return _of_people(work, units, Certificate, Certificate.decided_at.is_(None), others)


def staffing_statements(work: Work, units: Units) -> int:
    return _rows(
        work,
        StaffingDeclaration,
        StaffingDeclaration.area.in_(units),
        StaffingDeclaration.decided_at.is_(None),
    )


def central_support(work: Work, units: Units) -> int:
    model = CentralSupportRequest
    return _rows(work, model, model.unit.in_(units), model.state == "open")


def terminals_overdue(work: Work, units: Units) -> int:
    late = (Terminal.status == "approved") & (Terminal.reassure_by < work.today)
    return _rows(work, Terminal, Terminal.unit.in_(units), late)


def terminals(work: Work, units: Units) -> int:
    there = Assessment.terminal_id.in_(select(Terminal.id).where(Terminal.unit.in_(units)))
    return _rows(work, Assessment, there, Assessment.outcome.is_(None))


def gaps(work: Work, units: Units) -> int:
    return _rows(work, CoverageGap, CoverageGap.unit.in_(units), CoverageGap.closed_on.is_(None))


def dormant(work: Work, units: Units) -> int:
    return _of_people(work, units, Dormancy, is_listed(work))


def leavers(work: Work, units: Units) -> int:
    return _of_people(work, units, Leaver, Leaver.closed_at.is_(None))


def without_vetting(work: Work, units: Units) -> int:
    return _people(work, units, ACTIVE, ~covered(work.policy, work.today))


def log_on_audits(work: Work, units: Units) -> int:
    return _rows(work, LogOnAudit, LogOnAudit.unit.in_(units), LogOnAudit.state != "signed")


def assurances(work: Work, units: Units) -> int:
    return assurances_due(work, units)


def questions(work: Work, _units: Units) -> int:
    return _rows(work, AccessQuestion, waiting(work.principal))


def returns(work: Work, units: Units) -> int:
    """Prisons whose return for the last month is not confirmed."""
    from_units = units.subquery()
    given = select(PrisonReturn.unit).where(PrisonReturn.month == month_before(work.today))
    code = next(iter(from_units.c))
    query = select(func.count()).select_from(from_units).where(code.like("prison-%"), code.not_in(given))
    return work.session.execute(query).scalar_one()


def policy_changes(work: Work, _units: Units) -> int:
    """Never one's own: another than who proposed it confirms."""
    others = PolicyChange.proposed_by != work.principal.person_id
    return _rows(work, PolicyChange, PolicyChange.state == "proposed", others)


def vetting_changes(work: Work, _units: Units) -> int:
    others = VettingTypeChange.proposed_by != work.principal.person_id
    return _rows(work, VettingTypeChange, VettingTypeChange.decided_at.is_(None), others)


def exemptions_to_review(work: Work, units: Units) -> int:
    model = MandateExemption
    return _of_people(work, units, model, model.ended_on.is_(None), model.review_on < work.today)
