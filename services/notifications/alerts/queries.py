"""The whole table of who is told of what, as a policy owner checks it: line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from marshmallow import fields

from services.notifications.alerts.rules import Rule, rules
from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.deadlines.described import fact_words
from services.notifications.delivery import refused
from services.notifications.service import service
from services.notifications.todo.kinds import label
from services.notifications.todo.telling import role_words
from services.notifications.todo.words import sentence
from shared.declarations import Page
from shared.web.schemas import Answer, Nothing
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as people read it: `when` is empty where it always holds; `ladder` is that of its deadlines."""

    fact: str
    when: str
    told: str
    wording: str
    kind: str
    importance: str
    clause: str
    deadlines: str
    ladder: str


# What no fact of another service tells, and what comes round on no day: found here while people are told.
_FOUND_HERE = (
    Line(
        fact="A role is found vacant",
        when="somebody in that role has to be told",
        told="Whoever comes next in the ladder, else the CPC",
        wording="Nobody holds the role",
        kind="role_vacant",
        importance="Important",
        clause="PF-4.8, PF-5.4",
        deadlines="",
        ladder="",
    ),
    Line(
        fact="An e-mail is refused for good",
        when="the mail server refuses a mailbox or a message six times in some eight hours",
        told="The administrator",
        wording=refused.TITLE,
        kind=refused.KIND,
        importance="Important",
        clause=refused.CLAUSE,
        deadlines="",
        ladder="",
    ),
)


class LineAnswer(Answer):
    fact = fields.String()
    when = fields.String()
    told = fields.String()
    wording = fields.String()
    kind = fields.String()
    importance = fields.String()
    clause = fields.String()
    deadlines = fields.String()
    ladder = fields.String()


class LinesAnswer(Answer):
    lines = fields.List(fields.Nested(LineAnswer))


@service.query(
    "alerts.table",
    path="/alerts",
    input=Nothing,
    answer=LinesAnswer,
    page=Page("Who is told of what", "alerts/table.html"),
)
def table(work: Work) -> dict[str, Any]:
    """Every fact that puts something on somebody's list, and every duty that comes round or is entered by hand."""
    told = [_line(rule) for rule in rules()]
    own = [_own(entry) for entry in catalogue().values() if entry.runs and entry.by_role]
    lines = sorted([*told, *own, *_found_here()], key=lambda line: (line.fact, line.when))
    work.concerns(count=len(lines))
    return {"lines": lines}


def _found_here() -> list[Line]:
    return [replace(one, kind=label(one.kind)) for one in _FOUND_HERE]


def _line(rule: Rule) -> Line:
    behind = [catalogue()[code] for code in rule.deadlines]
    when = ", ".join(f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in rule.when.items())
    return Line(
        fact=fact_words(rule.event),
        when=when,
        told=sentence(rule.told or _reminded(behind)),
        wording=rule.title,
        kind=rule.label,
        importance=_importance(rule),
        clause=rule.clause,
        deadlines=", ".join(rule.deadlines),
        ladder=_ladders(behind),
    )


def _importance(rule: Rule) -> str:
    if rule.always_mailed:
        return "Important, mailed to everybody at once"
    return "Important" if rule.important else "Ordinary"


def _own(entry: Entry) -> Line:
    return Line(
        fact="The calendar" if entry.calendar else "Entered by hand, or told by another system",
        when=entry.trigger,
        told=sentence(_reminded([entry])),
        wording=entry.duty,
        kind=entry.duty,
        importance="Ordinary",
        clause=entry.clause,
        deadlines=entry.code,
        ladder=_ladders([entry]),
    )


def _reminded(entries: list[Entry]) -> str:
    return ", ".join(dict.fromkeys(f"the {role_words(role)}" for one in entries for role in one.reminded))


def _ladders(entries: list[Entry]) -> str:
    return "; ".join(dict.fromkeys(_ladder(one) for one in entries))


def _ladder(entry: Entry) -> str:
    said = ", then ".join(" and ".join(role_words(role) for role in rung) for rung in entry.ladder)
    return f"{said} (in RPT-08 only)" if entry.report_only else said
