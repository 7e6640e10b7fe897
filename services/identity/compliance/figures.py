"""Each measure of the pack, for every place at once: a query each, however many places there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, func, or_, select

from services.identity.adjustments.exempt import exempt
from services.identity.compliance.places import Asked
from services.identity.coverage.models import CoverageGap
from services.identity.coverage.posts import posts_in_force
from services.identity.coverage.slots import slots
from services.identity.documents.reports import OVERDUE, SIGNED_STATES, signing
from services.identity.log_on_audit.figures import ATTEMPTS
from services.identity.log_on_audit.models import REFUSED, LogOnAudit
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.terminals.models import Terminal
from services.identity.terminals.queries import overdue
from services.identity.tokens.holders import ACTIVE
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered
from services.identity.vetting.models import VettingException, VettingExpiry
from services.identity.vetting.status import has_trained
from shared.reports.pack import GOOD, LOOK, NOW, PRISON, Line, share_of

VETTED = "Enabled accounts with vetting in force"
TRAINED = "Enabled accounts whose holder passed accredited training"
SIGNED = "Signatures of the documents in force"
# By the code of the place; a measure that says nothing of a place has no line for it.
Lines = Mapping[str, Line]
_ENTRY = service.tables.audit.entry.c


def logged_on(asked: Asked) -> Lines:
    """Whoever is exempt is left out (PF-0.2.3). For information: how often one logs on depends on the dates."""
    session = select(SignInSession.id).where(SignInSession.person_id == Person.id, *_whole(asked))
    found = _accounts(asked, session.exists(), ~exempt(asked.work.today))
    return _shares(found, "Enabled accounts whose holder logged on", judged=False)


def log_ons(asked: Asked) -> Lines:
    found = _counted(asked, SignInSession.person_id, *_whole(asked))
    return _numbers(asked, found, "Log-ons")


def refused(asked: Asked) -> Lines:
    attempts = REFUSED, _ENTRY.action.in_(ATTEMPTS), _ENTRY.at.between(*asked.moments)
    return _numbers(asked, _counted(asked, _ENTRY.subject_id, *attempts), "Log-ons refused")


def audits(asked: Asked) -> Lines:
    """Of those that were to be done by then: a scheduled one by its day, another by the end of what it is of."""
    by = func.coalesce(LogOnAudit.due_on, LogOnAudit.period_to)
    signed = func.count().filter(LogOnAudit.state == "signed")
    query = _by_place(asked, LogOnAudit.unit, signed, func.count()).where(by.between(asked.first, asked.over))
    found = _pairs(asked, query)
    # A prison's are audited with its group, as a rule.
    some = {
        unit.code: found[unit.code] for unit in asked.places if unit.kind != PRISON or found[unit.code][1]
    }
    return _shares(some, "Log-on audits signed off")


def vetted(asked: Asked) -> Lines:
    return _shares(_accounts(asked, covered(asked.work.policy, asked.work.today)), VETTED, NOW)


def ran_out(asked: Asked) -> Lines:
    days = VettingExpiry.expired_on.between(asked.first, asked.last)
    found = _counted(asked, VettingExpiry.person_id, days)
    return _numbers(asked, found, "Times that vetting ran out before it was renewed", judged=True)


def exceptions(asked: Asked) -> Lines:
    first, _ = asked.moments
    ended = or_(VettingException.ended_at.is_(None), VettingException.ended_at >= first)
    days = (VettingException.first_day <= asked.last) & (VettingException.last_day >= asked.first)
    found = _counted(asked, VettingException.person_id, days, ended)
    return _numbers(asked, found, "Exceptions to vetting that stood")


def trained(asked: Asked) -> Lines:
    return _shares(_accounts(asked, has_trained(asked.work.today)), TRAINED, NOW)


def passes(asked: Asked) -> Lines:
    good = passed(asked.last), TrainingRecord.delivered_on >= asked.first
    return _numbers(asked, _counted(asked, TrainingRecord.person_id, *good), "Courses passed")


def terminals(asked: Asked) -> Lines:
    """Only where there are approved ones."""
    good, total = func.count().filter(~overdue(asked.work)), func.count()
    query = _by_place(asked, Terminal.unit, good, total).where(Terminal.status == "approved")
    found = {top: pair for top, pair in _pairs(asked, query).items() if pair[1]}
    return _shares(found, "Approved terminals whose yearly assurance is given", NOW)


def signed(asked: Asked) -> Lines:
    """In order while none is overdue: a revised document may still be read within its grace (PF-4.16/D.1)."""
    rows = signing(asked.work, "", Person.unit.in_(select(asked.tree.c.code)))
    done, late = rows.c.state.in_(SIGNED_STATES), rows.c.state == OVERDUE
    counts = (func.count().filter(done), func.count(), func.count().filter(late))
    query = (
        select(asked.tree.c.top, *counts)
        .select_from(rows)
        .join(Person, Person.id == rows.c.name_id)
        .join(asked.tree, asked.tree.c.code == Person.unit)
        .group_by(asked.tree.c.top)
    )
    found = {top: (good, total, late) for top, good, total, late in asked.work.session.execute(query)}
    return {
        top: Line(
            SIGNED, f"{good} of {total}, {late} overdue", 100 * good // total, LOOK if late else GOOD, NOW
        )
        for top, (good, total, late) in found.items()
    }


def posts(asked: Asked) -> Lines:
    """The posts that must be held (RPT-03)."""
    inside = _inside(asked)
    good, total = Counter[str](), Counter[str]()
    for slot in slots(asked.work, posts_in_force(asked.work), select(asked.tree.c.code)):
        for top in inside[slot.unit.code]:
            total[top] += 1
            good[top] += slot.state in {"covered", "ending"}
    return _shares({top: (good[top], total[top]) for top in total}, "Posts that are covered", NOW)


def gaps(asked: Asked) -> Lines:
    open_then = or_(CoverageGap.closed_on.is_(None), CoverageGap.closed_on >= asked.first)
    post = func.count(func.concat(CoverageGap.post, " ", CoverageGap.unit).distinct())
    query = _by_place(asked, CoverageGap.unit, post).where(
        CoverageGap.stage == "now", CoverageGap.uncovered_from <= asked.last, open_then
    )
    found = _numbered(asked, query)
    return _numbers(asked, found, "Posts that were uncovered at some time", judged=True)


MEASURES: tuple[Callable[[Asked], Lines], ...] = (
    logged_on,
    log_ons,
    refused,
    audits,
    vetted,
    ran_out,
    exceptions,
    trained,
    passes,
    terminals,
    signed,
    posts,
    gaps,
)


def _whole(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Over `SignInSession`: a whole sign-in within the days."""
    return SignInSession.scope == "full", SignInSession.opened_at.between(*asked.moments)


def _by_place(asked: Asked, unit: Any, *counts: ColumnElement[int]) -> Select[Any]:
    tree = asked.tree
    return (
        select(tree.c.top, *counts)
        .select_from(tree)
        .join(unit.class_, unit == tree.c.code)
        .group_by(tree.c.top)
    )


def _pairs(asked: Asked, query: Select[Any]) -> dict[str, tuple[int, int]]:
    """Every place has one, of nothing where nothing is."""
    found = {top: (good, total) for top, good, total in asked.work.session.execute(query)}
    return {unit.code: found.get(unit.code, (0, 0)) for unit in asked.places}


def _accounts(
    asked: Asked, good: ColumnElement[bool], *which: ColumnElement[bool]
) -> dict[str, tuple[int, int]]:
    """Of the enabled accounts."""
    query = _by_place(asked, Person.unit, func.count().filter(good), func.count())
    return _pairs(asked, query.where(ACTIVE, *which))


def _numbered(asked: Asked, query: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in asked.work.session.execute(query)}


def _counted(asked: Asked, person_id: Any, *which: ColumnElement[bool] | TextClause) -> dict[str, int]:
    """How many rows there are of the people of each place, whether or not they are there still."""
    query = _by_place(asked, Person.unit, func.count()).join(_source(person_id), person_id == Person.id)
    return _numbered(asked, query.where(*which))


def _source(column: Any) -> Any:
    """The audit's entries are a plain table, all else are models."""
    return column.class_ if hasattr(column, "class_") else column.table


def _shares(
    found: Mapping[str, tuple[int, int]], measure: str, counted: str | None = None, *, judged: bool = True
) -> Lines:
    when = {} if counted is None else {"counted": counted}
    return {
        top: share_of(measure, good, total, judged=judged, **when) for top, (good, total) in found.items()
    }


def _numbers(asked: Asked, found: Mapping[str, int], measure: str, *, judged: bool = False) -> Lines:
    """`judged`: there should be none."""

    def line(number: int) -> Line:
        return Line(measure, str(number), state="" if not judged else LOOK if number else GOOD)

    return {unit.code: line(found.get(unit.code, 0)) for unit in asked.places}


def _inside(asked: Asked) -> Mapping[str, list[str]]:
    """The places in which each unit lies."""
    found: dict[str, list[str]] = {}
    for top, code in asked.work.session.execute(select(asked.tree.c.top, asked.tree.c.code)):
        found.setdefault(code, []).append(top)
    return found
