"""Asking, answering, and both lists of questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.identity.coverage.telling import nearest
from services.identity.people.models import Person
from services.identity.questions.models import AccessQuestion
from services.identity.questions.schemas import (
    AnswerInput,
    AskInput,
    PagedInput,
    QuestionAnswer,
    QuestionsAnswer,
)
from services.identity.scope import within
from services.identity.service import service
from services.identity.tokens.holders import cpc_concerned
from shared.access.principal import Principal
from shared.declarations import FormPage, Page
from shared.events.identity.questions import ACCESS_ANSWERED, ACCESS_ASKED
from shared.refusals import NotFound, Refusal
from shared.work import Concerned, Work

PURPOSE, PAGE = "access question", 25


@service.command(
    "questions.ask",
    path="/my-access/questions",
    input=AskInput,
    answer=QuestionAnswer,
    status=201,
    form=FormPage(
        title="Ask about your access",
        button="Send",
        done="Sent to the administrator, who settles it with you. The CPC knows of it.",
        next="/my-questions",
        path="/my-access/questions/new",
    ),
)
def ask(work: Work, *, text: str) -> dict[str, Any]:
    """PI-A.4: the user and the administrator settle it directly; the CPC knows of it."""
    person = work.session.get_one(Person, work.principal.person_id)
    kept = AccessQuestion(
        person_id=person.id, text=work.runtime.encrypt(None, PURPOSE, text), asked_at=work.system_now
    )
    work.session.add(kept)
    work.session.flush()
    work.concerns(subject=("access_question", kept.id))
    to = [
        Concerned(one.id, "admin", one.unit, one.agency)
        for one in nearest(work.session, person.unit, "admin")
    ]
    to.append(cpc_concerned(work.session, person.unit, person.agency))
    data = {"question_id": kept.id, "person_id": person.id}
    work.emit(ACCESS_ASKED, data, aggregate=("access_question", kept.id), to=to)
    return _shown(work, kept, person.name)


def may_answer(principal: Principal) -> bool:
    return principal.holds("admin", "cpc") or bool(principal.deputy_for)


def waiting(principal: Principal) -> ColumnElement[bool]:
    """What an administrator, or the CPC of the asker's area, group or force, has to answer."""
    mine = AccessQuestion.person_id.in_(
        select(Person.id).where(Person.unit.in_(within(principal, tokens=("cpc",))))
    )
    return AccessQuestion.answered_at.is_(None) & mine & (AccessQuestion.person_id != principal.person_id)


def _question(work: Work, question_id: UUID) -> AccessQuestion:
    kept = work.session.get(AccessQuestion, question_id, with_for_update=True)
    if kept is None:
        raise NotFound
    person = work.session.get_one(Person, kept.person_id)
    reach = select(Person.id).where(
        Person.id == person.id, Person.unit.in_(within(work.principal, tokens=("cpc",)))
    )
    if not may_answer(work.principal) or work.session.execute(reach).first() is None:
        raise Refusal("R32", role="an administrator or the CPC of this person")
    if person.id == work.principal.person_id:
        raise Refusal("R23", subject="question")
    return kept


@service.command(
    "questions.answer",
    path="/questions/<uuid:question_id>/answer",
    input=AnswerInput,
    answer=QuestionAnswer,
    form=FormPage(
        title="Answer the question",
        button="Send the answer",
        done="The answer has been sent.",
        next="/questions",
        values=lambda work, *, question_id: {"about": _text(work, _question(work, question_id))},
    ),
)
def answer_question(work: Work, *, question_id: UUID, answer: str) -> dict[str, Any]:
    """Once; whoever asked is told."""
    kept = _question(work, question_id)
    if kept.answered_at is not None:
        raise Refusal("R34", what="This question has been answered.")
    kept.answer = work.runtime.encrypt(None, PURPOSE, answer)
    kept.answered_by, kept.answered_at = work.principal.person_id, work.system_now
    work.concerns(subject=("access_question", kept.id))
    person = work.session.get_one(Person, kept.person_id)
    data = {"question_id": kept.id, "person_id": person.id}
    to = [Concerned(person.id, "user", person.unit, person.agency)]
    work.emit(ACCESS_ANSWERED, data, aggregate=("access_question", kept.id), to=to)
    return _shown(work, kept, person.name)


def _text(work: Work, kept: AccessQuestion) -> str:
    return work.runtime.decrypt(None, PURPOSE, kept.text)


def _shown(work: Work, kept: AccessQuestion, name: str) -> dict[str, Any]:
    return {
        "id": kept.id,
        "person_id": kept.person_id,
        "name": name,
        "text": _text(work, kept),
        "asked_at": kept.asked_at,
        "answer": None if kept.answer is None else work.runtime.decrypt(None, PURPOSE, kept.answer),
        "answered_at": kept.answered_at,
    }


def _listed(work: Work, which: ColumnElement[bool], order: Any, page: int) -> dict[str, Any]:
    query = (
        select(AccessQuestion, Person.name).join(Person, Person.id == AccessQuestion.person_id).where(which)
    )
    rows = work.session.execute(query.order_by(order).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    work.concerns(count=len(rows[:PAGE]), page=page)
    found = [_shown(work, kept, name) for kept, name in rows[:PAGE]]
    return {"questions": found, "page": page, "more": len(rows) > PAGE}


@service.query(
    "questions.mine",
    path="/my-questions",
    input=PagedInput,
    answer=QuestionsAnswer,
    page=Page("Your questions", "questions/mine.html"),
)
def mine(work: Work, *, page: int) -> dict[str, Any]:
    """One's own, the newest first."""
    own = AccessQuestion.person_id == work.principal.person_id
    return _listed(work, own, AccessQuestion.asked_at.desc(), page)


@service.query(
    "questions.waiting",
    path="/questions",
    input=PagedInput,
    answer=QuestionsAnswer,
    page=Page("Questions about access", "questions/waiting.html"),
)
def to_answer(work: Work, *, page: int) -> dict[str, Any]:
    """The longest waiting first."""
    if not may_answer(work.principal):
        raise Refusal("R32", role="an administrator or a CPC")
    return _listed(work, waiting(work.principal), AccessQuestion.asked_at, page)
