"""College of Policing certificates of courses taken before (PF-4.6, PF-5.6.3)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_concerned, cpc_contact
from services.identity.training.authority import require_cpc
from services.identity.training.courses import approvals_of, course_or_invalid
from services.identity.training.models import Certificate, Course, TrainingRecord
from services.identity.training.passing import tell_passed
from services.identity.training.rules import approval_on, wrong_award
from services.identity.training.schemas import CertificateInput, MadeAnswer, ReasonInput
from services.identity.vetting.scope import oversees
from shared.declarations import FormPage
from shared.events.identity.training import CERTIFICATE_BROUGHT, CERTIFICATE_DECIDED
from shared.files import Arriving, Download, keep, open_file
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.display import shown
from shared.web.downloads import sent
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

service.constraints["uq_training_certificate_open"] = lambda: Refusal(
    "R34", what="A certificate for this course waits for the CPC already."
)


def _may_bring(work: Work, *, person_id: UUID) -> dict[str, str]:
    person = person_or_404(work, person_id)
    require_near(work, person)
    return {"about": about(person)}


def _may_decide(work: Work, *, certificate_id: UUID) -> dict[str, str]:
    certificate, person = _waiting(work, certificate_id)
    course = work.session.get_one(Course, certificate.course_id)
    says = f": {course.title}, {certificate.number}, {shown(certificate.awarded_on)}"
    return {"about": about(person, after=says)}


@service.command(
    "training.bring_certificate",
    path="/people/<uuid:person_id>/training/certificates",
    input=CertificateInput,
    answer=MadeAnswer,
    status=201,
    form=FormPage(
        path="/people/<uuid:person_id>/training/certificates/new",
        title="Add a College of Policing certificate",
        button="Add the certificate",
        done="The certificate has been added. It counts once the CPC has accepted it.",
        next="/people/{person_id}/training",
        values=_may_bring,
    ),
)
def bring(
    work: Work, *, person_id: UUID, course_id: UUID, number: str, awarded_on: date, certificate: Arriving
) -> Certificate:
    """By the person, or whoever oversees them; counts for nothing yet."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    require_near(work, person)
    course = course_or_invalid(work, course_id)
    approved = approval_on(approvals_of(work.session, course.id), awarded_on)
    if wrong := _wrong_course(course) or wrong_award(awarded_on, approved, work.today):
        raise Invalid(wrong)
    made = Certificate(
        person_id=person.id,
        course_id=course.id,
        number=number,
        awarded_on=awarded_on,
        file_id=keep(work, certificate),
        brought_by=work.principal.person_id,
        brought_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    data = {"certificate_id": made.id, "person_id": person.id}
    to = [cpc_concerned(work.session, person.unit, person.agency)]
    work.emit(CERTIFICATE_BROUGHT, data, aggregate=("person", person.id), to=to)
    return made


@service.command(
    "training.accept_certificate",
    path="/training/certificates/<uuid:certificate_id>/accept",
    input=Nothing,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Accept the certificate",
        button="Accept the certificate",
        done="The certificate is accepted and counts as training.",
        next="/training/certificates",
        intro="Read the certificate first: the name, the course and the day must be those that were entered.",
        values=_may_decide,
    ),
)
def accept(work: Work, *, certificate_id: UUID) -> None:
    """By the CPC, never one's own (R23); it counts from the day of the award (PF-4.6)."""
    certificate, person = _waiting(work, certificate_id)
    course = work.session.get_one(Course, certificate.course_id)
    reference = approval_on(approvals_of(work.session, course.id), certificate.awarded_on)
    record = TrainingRecord(
        person_id=person.id,
        course_id=course.id,
        course=course.title,
        course_kind=course.kind,
        approval_reference=reference,
        provider="College of Policing",
        trainer="College of Policing",
        delivered_on=certificate.awarded_on,
        passed=True,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(record)
    work.session.flush()
    certificate.record_id = record.id
    _decide(work, certificate, person, "accepted")
    if reference is not None:
        tell_passed(work, person, record)
    log.changed(work, people=[person.id])


@service.command(
    "training.decline_certificate",
    path="/training/certificates/<uuid:certificate_id>/decline",
    input=ReasonInput,
    answer=Done,
    form=FormPage(
        title="Decline the certificate",
        button="Decline the certificate",
        done="The certificate is declined, and whoever brought it is told.",
        next="/training/certificates",
        values=_may_decide,
    ),
)
def decline(work: Work, *, certificate_id: UUID, reason: str) -> None:
    certificate, person = _waiting(work, certificate_id)
    certificate.reason = reason
    _decide(work, certificate, person, "declined")


@service.query(
    "training.certificate_file",
    path="/training/certificates/<uuid:certificate_id>/file",
    input=Nothing,
    answer=Done,
    send=sent,
)
def certificate_file(work: Work, *, certificate_id: UUID) -> Download:
    """The certificate itself, for its holder and whoever oversees them."""
    certificate = work.session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound
    work.concerns(subject=("person", certificate.person_id))
    require_near(work, person_or_404(work, certificate.person_id))
    return open_file(work, certificate.file_id)


def require_near(work: Work, person: Person) -> None:
    own = person.id == work.principal.person_id
    if not (own or oversees(work.principal, reach_of(work, person).areas)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))


def _wrong_course(course: Course) -> dict[str, list[str]]:
    return (
        {}
        if course.taught_by == "college"
        else {"course_id": ["This is no course of the College of Policing."]}
    )


def _waiting(work: Work, certificate_id: UUID) -> tuple[Certificate, Person]:
    found = work.session.get(Certificate, certificate_id, with_for_update=True)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id, lock=True)
    work.concerns(subject=("person", person.id), certificate_id=str(found.id))
    require_cpc(work, person)
    if found.decided_at is not None:
        raise Refusal("R34", what="This certificate has been decided already.")
    return found, person


def _decide(work: Work, certificate: Certificate, person: Person, outcome: str) -> None:
    certificate.outcome, certificate.decided_at = outcome, work.system_now
    certificate.decided_by = work.principal.person_id
    work.concerns(outcome=outcome)
    told = {person.id: person} | {
        certificate.brought_by: work.session.get_one(Person, certificate.brought_by)
    }
    to = [Concerned(one.id, "person", one.unit, one.agency) for one in told.values() if one.is_active]
    data = {"certificate_id": certificate.id, "person_id": person.id, "outcome": outcome}
    work.emit(CERTIFICATE_DECIDED, data, aggregate=("person", person.id), to=to)
