"""The national catalogue of courses, and the working group's approvals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.service import service
from services.identity.training.authority import require_catalogue
from services.identity.training.models import Course, CourseApproval
from services.identity.training.rules import Approval, wrong_approval
from services.identity.training.schemas import ApprovalInput, CourseInput, EndApprovalInput, MadeAnswer
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import Work

service.constraints["uq_course_code"] = lambda: Refusal(
    "R34", what="There is a course with this code already."
)


def _may_add(work: Work) -> dict[str, str]:
    require_catalogue(work)
    return {}


@service.command(
    "training.add_course",
    path="/training/courses",
    input=CourseInput,
    answer=MadeAnswer,
    status=201,
    form=FormPage(
        path="/training/courses/new",
        title="Add a course",
        button="Add the course",
        done="The course has been added. It counts once the working group has approved it.",
        next="/training/courses",
        values=_may_add,
    ),
)
def add_course(work: Work, *, code: str, title: str, kind: str, taught_by: str) -> Course:
    """PF-6.2.2: a course in the catalogue is not yet an approved one."""
    require_catalogue(work)
    made = Course(code=code, title=title, kind=kind, taught_by=taught_by)
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("course", made.id), code=code)
    return made


def _may_approve(work: Work, *, course_id: UUID) -> dict[str, str]:
    require_catalogue(work)
    return {"about": course_or_404(work, course_id).title}


@service.command(
    "training.approve_course",
    path="/training/courses/<uuid:course_id>/approvals",
    input=ApprovalInput,
    answer=MadeAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/training/courses/<uuid:course_id>/approvals/new",
        title="Enter an approval",
        button="Enter the approval",
        done="The approval has been entered.",
        next="/training/courses",
        intro="The decision is the National ViSOR Training Working Group’s. Here stands its reference.",
        values=_may_approve,
    ),
)
def approve_course(
    work: Work, *, course_id: UUID, reference: str, first_day: date, last_day: date | None
) -> CourseApproval:
    """PF-6.2.2. Two at once are one after the other: the course is locked."""
    require_catalogue(work)
    course = course_or_404(work, course_id, lock=True)
    work.concerns(subject=("course", course.id), reference=reference)
    if wrong := wrong_approval(
        Approval(reference, first_day, last_day), approvals_of(work.session, course.id)
    ):
        raise Invalid(wrong)
    made = CourseApproval(
        course_id=course.id,
        reference=reference,
        first_day=first_day,
        last_day=last_day,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _first_ended(work: Work, *, approval_id: UUID) -> dict[str, str]:
    """Refuses before anybody types."""
    found = _approval_to_end(work, approval_id)
    return {"about": f"{course_or_404(work, found.course_id).title}, {found.reference}"}


@service.command(
    "training.end_approval",
    path="/training/approvals/<uuid:approval_id>/end",
    input=EndApprovalInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="End an approval",
        button="End the approval",
        done="The approval ends on that day. Who passed the course before keeps it.",
        next="/training/courses",
        values=_first_ended,
    ),
)
def end_approval(work: Work, *, approval_id: UUID, last_day: date) -> None:
    """Later deliveries of the course no longer count; what was passed under it stands."""
    found = _approval_to_end(work, approval_id, lock=True)
    if found.last_day is not None and found.last_day < last_day:
        raise Invalid({"last_day": ["The approval ends before that already."]})
    if last_day < found.first_day:
        raise Invalid({"last_day": ["The last day must not be before the first."]})
    found.last_day = last_day


def _approval_to_end(work: Work, approval_id: UUID, *, lock: bool = False) -> CourseApproval:
    require_catalogue(work)
    found = work.session.get(CourseApproval, approval_id, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(subject=("course", found.course_id), reference=found.reference)
    return found


def course_or_404(work: Work, course_id: UUID, *, lock: bool = False) -> Course:
    found = work.session.get(Course, course_id, with_for_update=lock)
    if found is None:
        raise NotFound
    return found


def course_or_invalid(work: Work, course_id: UUID) -> Course:
    found = work.session.get(Course, course_id)
    if found is None:
        raise Invalid({"course_id": ["Select the course from the list"]})
    return found


def approvals_of(session: Session, course_id: UUID) -> list[Approval]:
    return approvals_of_many(session, [course_id])[course_id]


def approvals_of_many(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, list[Approval]]:
    """Newest first."""
    found = select(CourseApproval).where(CourseApproval.course_id.in_(list(course_ids)))
    by_course: dict[UUID, list[Approval]] = defaultdict(list)
    for one in session.execute(found.order_by(CourseApproval.first_day.desc())).scalars():
        by_course[one.course_id].append(Approval(one.reference, one.first_day, one.last_day))
    return by_course
