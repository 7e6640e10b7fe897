"""RPT-02: who holds which token, and where the one CPC of an area and the one LPC of a unit are."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Person, Unit
from services.identity.scope import is_national, within
from services.identity.service import service
from services.identity.tokens.holders import token_in_force
from services.identity.tokens.models import TokenGrant
from services.identity.tokens.table import tokens
from shared.access.principal import Principal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

_TOKENS = ("cpc", "central_support")
_ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "governor",
    "visor_lead",
)
WHOM = "the CPC or a holder of Central Support, a ViSOR lead or one of those above them, or an administrator"
_COLOURS = {"Held": "green", "To come": "grey", "Suspended": "red", "Vacant": "red", "Taken": "green"}
_LABELS = {name: row.label for name, row in tokens().items()}
_WARNED = {
    "live_user": "Administrator who uses ViSOR Live",
    "administrator": "Administrator who uses ViSOR Live",
    "other_appointer": "Another appointer",
    "establishment": "CPC in an establishment",
    "unrequested": "Not asked for by its holder",
}


def concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*_TOKENS, "admin") or principal.has_role(*_ROLES)


class HoldersFilter(Input):
    token = fields.String(
        load_default="",
        validate=validate.OneOf(["", *_LABELS]),
        metadata={"label": "Token", "widget": "select", "empty": "Any", "options": list(_LABELS.items())},
    )
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "warned"]),
        metadata={
            "widget": "radios",
            "small": True,
            "label": "Show",
            "options": [("all", "All tokens"), ("warned", "Only with a warning")],
        },
    )


class LimitsFilter(Input):
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "Vacant", "Taken"]),
        metadata={
            "label": "State",
            "widget": "select",
            "empty": "Any",
            "options": [("Vacant", "Vacant"), ("Taken", "Taken")],
        },
    )


def _reached(work: Work) -> Any:
    return within(work.principal, tokens=_TOKENS, roles=_ROLES)


def _state() -> ColumnElement[str]:
    return case(
        (TokenGrant.started_at.is_(None), "To come"),
        (TokenGrant.suspended_at.is_not(None), "Suspended"),
        else_="Held",
    )


def by_token(work: Work, *, token: str, show: str) -> list[tuple[str, int]]:
    rows = holders(work, token=token, show=show).subquery()
    counted = select(rows.c.token, func.count()).group_by(rows.c.token).order_by(func.count().desc())
    return [(str(name), int(number)) for name, number in work.session.execute(counted)]


@service.report(
    "RPT-02",
    "Token holders",
    "PF-7/ViSOR Tokens.1",
    "PF-4.16a.2",
    "PF-7/ViSOR Administrative access.3",
    input=HoldersFilter,
    columns=(
        ReportColumn("name", "Who", "person", sortable=True),
        ReportColumn("token", "Token", sortable=True),
        ReportColumn("unit_name", "For", sortable=True),
        ReportColumn("valid_from", "Since", "date", sortable=True),
        ReportColumn("valid_to", "Last day", "date", sortable=True),
        ReportColumn("state", "State", "tag", colours=_COLOURS),
        ReportColumn("granter", "Granted by", "person"),
        ReportColumn("warned", "Warned of"),
        ReportColumn("note", "Why in spite of it"),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="Tokens that are held, suspended or to come. What was warned of stands with the reason that was given.",
    chart=Chart("Holders by token", ("Holders",), by_token),
    empty="Nobody holds one.",
)
def holders(work: Work, *, token: str, show: str) -> Select[Any]:
    """Of the people whom the reader oversees."""
    granter = aliased(Person)
    found = (
        select(
            Person.id.label("name_id"),
            Person.name,
            case(_LABELS, value=TokenGrant.token, else_=TokenGrant.token).label("token"),
            Unit.name.label("unit_name"),
            TokenGrant.valid_from,
            TokenGrant.valid_to,
            _state().label("state"),
            granter.id.label("granter_id"),
            granter.name.label("granter"),
            _warned().label("warned"),
            TokenGrant.note,
        )
        .join(Person, Person.id == TokenGrant.person_id)
        .join(Unit, Unit.code == TokenGrant.unit)
        .outerjoin(granter, granter.id == TokenGrant.granted_by)
        .where(TokenGrant.ended_at.is_(None), Person.unit.in_(_reached(work)))
    )
    if token:
        found = found.where(TokenGrant.token == token)
    if show == "warned":
        found = found.where(func.jsonb_array_length(TokenGrant.warnings) > 0)
    return found.order_by(Person.name, TokenGrant.token, TokenGrant.id)


def _warned() -> ColumnElement[str]:
    """In words, those that there are."""
    words = [case((TokenGrant.warnings.contains([code]), text), else_=None) for code, text in _WARNED.items()]
    return func.concat_ws("; ", *words)


@service.report(
    "RPT-02-LIMITS",
    "Token limits",
    "PF-7/CPC Probation.4",
    "PF-5.4",
    "PF-4.8",
    input=LimitsFilter,
    columns=(
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("token", "Token", sortable=True),
        ReportColumn("allowed", "Allowed", "number"),
        ReportColumn("held", "Held", "number"),
        ReportColumn("state", "State", "tag", colours=_COLOURS),
        ReportColumn("holder", "Holder", "person"),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="One CPC for each area, prison group and force; one LPC for each unit. The database keeps a second one out.",
    empty="No unit of yours has such a limit.",
)
def limits(work: Work, *, state: str) -> Select[Any]:
    """A row for each unit and each token of which it can have one, vacant first."""
    reached, limited = _reached(work), [row for row in tokens().values() if row.one]
    parts = [_limit(work, row.name, row.unit_kinds, reached) for row in limited]
    every = parts[0].union_all(*parts[1:]).subquery()
    found = select(every)
    if state:
        found = found.where(every.c.state == state)
    return found.order_by(every.c.held, every.c.unit_name, every.c.token)


def _limit(work: Work, token: str, kinds: frozenset[str], reached: Any) -> Select[Any]:
    held = (TokenGrant.token == token) & (TokenGrant.unit == Unit.code) & token_in_force()
    return (
        select(
            Unit.name.label("unit_name"),
            literal(_LABELS[token]).label("token"),
            literal(1).label("allowed"),
            case((TokenGrant.id.is_(None), 0), else_=1).label("held"),
            case((TokenGrant.id.is_(None), "Vacant"), else_="Taken").label("state"),
            Person.id.label("holder_id"),
            Person.name.label("holder"),
        )
        .select_from(Unit)
        .outerjoin(TokenGrant, held)
        .outerjoin(Person, Person.id == TokenGrant.person_id)
        .where(Unit.kind.in_(kinds), or_(Unit.closed_on.is_(None), Unit.closed_on > work.today))
        .where(Unit.code.in_(reached))
    )
