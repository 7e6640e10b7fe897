"""Reading the register of terminals: those of one's own places, those that wait for the CPC, and one whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true

from services.identity.people.models import Person, Unit
from services.identity.people.units import below, named_so
from services.identity.service import service
from services.identity.terminals.checklist import not_met, standard_names
from services.identity.terminals.deciding import assessed
from services.identity.terminals.models import Assessment, Terminal
from services.identity.terminals.rules import WITHDRAWN, Standing, why_not_approve
from services.identity.terminals.schemas import ListInput, TerminalsAnswer, TerminalWhole
from services.identity.terminals.standing import (
    CPC,
    LEAD,
    LPC,
    standing_to,
    terminal_or_404,
    waiting_assessment,
)
from services.identity.tokens.holders import cpc_contact
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50
# Who answers for places, besides the CPC and the lead; they see the register and change nothing.
SEE = (LEAD, "governor", "prison_group_director", "head_of_public_protection")


@service.query(
    "terminals.list",
    path="/terminals",
    input=ListInput,
    answer=TerminalsAnswer,
    page=Page("Terminals", "terminals/list.html"),
)
def list_terminals(work: Work, *, status: str, unit: str, page: int) -> dict[str, Any]:
    """PF-6.4.1: the register, of the units that the reader answers for."""
    found = select(Terminal).where(visible(work), _with_status(work, status))
    if unit:
        found = found.where(Terminal.unit.in_(named_so(unit)))
    return _page(work, found.order_by(Terminal.unit, Terminal.asset_tag), page) | {
        "may_register": bool(work.principal.units_with(CPC) or work.principal.units_with_role(LEAD))
    }


@service.query(
    "terminals.queue",
    path="/terminals/awaiting",
    input=Nothing,
    answer=TerminalsAnswer,
    page=Page("Terminals that wait for your decision", "terminals/queue.html"),
)
def queue(work: Work) -> dict[str, Any]:
    """PF-5.10.3: the CPC's queue, the longest waiting first. R24 for everybody else."""
    units = work.principal.units_with(CPC)
    if not units:
        raise Refusal("R24", contact=cpc_contact(work, work.principal.unit))
    found = (
        select(Terminal)
        .join(Assessment, (Assessment.terminal_id == Terminal.id) & Assessment.outcome.is_(None))
        .where(Terminal.unit.in_(below(work.session, units)))
        .order_by(Assessment.assessed_at, Terminal.id)
    )
    return _page(work, found, 1)


@service.query(
    "terminals.read",
    path="/terminals/<uuid:terminal_id>",
    input=Nothing,
    answer=TerminalWhole,
    page=Page("Terminal", "terminals/terminal.html"),
)
def read(work: Work, *, terminal_id: UUID) -> dict[str, Any]:
    """One terminal with its assessments, for whoever answers for its place."""
    terminal = terminal_or_404(work, terminal_id, lock=False)
    _may_see(work, terminal.unit)
    standing = standing_to(work.session, work.principal, terminal.unit)
    of_it = select(Assessment).where(Assessment.terminal_id == terminal.id)
    assessments = list(
        work.session.execute(of_it.order_by(Assessment.assessed_at.desc()).limit(50)).scalars()
    )
    return {
        **_lines(work, [terminal])[0],
        "moved": terminal.moved,
        "document": terminal.document,
        "withdrawn_why": WITHDRAWN.get(terminal.withdrawn_reason or ""),
        "certificate": terminal.certificate_fingerprint is not None,
        "enrolled": terminal.device_key_hash is not None,
        "assessments": _shown(work, assessments),
        "may_look_after": standing.looks_after,
        "may_decide": standing.cpc,
        "may_vouch": standing.vouches,
        "waits_for_lead": _waits_for_lead(assessments),
        "why_not_approved": _why_not(work, terminal, standing),
    }


def visible(work: Work) -> ColumnElement[bool]:
    """The terminals of places that the principal answers for; all for the SRO. Raises R11 for anybody else."""
    if work.principal.has_role("sro"):
        return true()
    units = work.principal.units_with(CPC, LPC) | work.principal.units_with_role(*SEE)
    units |= work.principal.deputy_for
    if not units:
        raise Refusal("R11", token="CPC", contact=cpc_contact(work, work.principal.unit))  # noqa: S106
    return Terminal.unit.in_(below(work.session, units))


def overdue(work: Work) -> ColumnElement[bool]:
    return (Terminal.status == "approved") & (Terminal.reassure_by < work.today)


def _may_see(work: Work, unit: str) -> None:
    found = select(Terminal.id).where(Terminal.unit == unit, visible(work)).limit(1)
    if work.session.execute(found).first() is None:
        raise Refusal("R11", token="CPC", contact=cpc_contact(work, unit))  # noqa: S106


def _with_status(work: Work, status: str) -> ColumnElement[bool]:
    if status == "any":
        return true()
    return overdue(work) if status == "overdue" else Terminal.status == status


def _page(work: Work, found: Select[Terminal], page: int) -> dict[str, Any]:
    total = (
        work.session.execute(select(func.count()).select_from(found.order_by(None).subquery())).scalar() or 0
    )
    here = work.session.execute(found.limit(PAGE).offset((page - 1) * PAGE)).scalars().all()
    work.concerns(count=len(here), page=page)
    pages = max(1, -(-total // PAGE))
    return {"terminals": _lines(work, here), "page": page, "pages": pages, "total": total}


def _lines(work: Work, terminals: Iterable[Terminal]) -> list[dict[str, Any]]:
    terminals = list(terminals)
    units = select(Unit.code, Unit.name).where(Unit.code.in_({one.unit for one in terminals}))
    names = {row.code: row.name for row in work.session.execute(units)}
    columns = ("id", "asset_tag", "unit", "room", "status", "approved_at", "reassure_by", "withdrawn_reason")
    return [
        {name: getattr(one, name) for name in (*columns, "enrolled_at")}
        | {
            "unit_name": names[one.unit],
            "overdue": bool(one.reassure_by and one.reassure_by < work.today and one.status == "approved"),
        }
        for one in terminals
    ]


def _shown(work: Work, assessments: list[Assessment]) -> list[dict[str, Any]]:
    ids = {each for one in assessments for each in (one.assessed_by, one.vouched_by, one.decided_by) if each}
    found = work.session.execute(select(Person).where(Person.id.in_(ids))).scalars()
    people = {person.id: person for person in found}
    columns = [
        *("id", "room", "answers", "note", "assessed_at", "vouched_at", "it_manager", "it_reference"),
        *("it_signed_on", "outcome", "decided_at", "decision_note"),
    ]
    return [
        {name: getattr(one, name) for name in columns}
        | {
            "not_met": not_met(one.answers),
            "standards": standard_names(one.standards),
            "assessor": people.get(one.assessed_by),
            "voucher": people.get(one.vouched_by) if one.vouched_by else None,
            "decider": people.get(one.decided_by) if one.decided_by else None,
        }
        for one in assessments
    ]


def _waits_for_lead(assessments: list[Assessment]) -> bool:
    return any(one.outcome is None and one.vouched_by is None for one in assessments)


def _why_not(work: Work, terminal: Terminal, standing: Standing) -> str | None:
    """In the words of the refusal that an approval would get now; only for the CPC, whom it concerns."""
    if not standing.cpc or terminal.status == "approved":
        return None
    waiting = waiting_assessment(work.session, terminal.id)
    refused = why_not_approve(standing, assessed(work, terminal, waiting))
    if refused is None:
        return None
    return Refusal(refused.code, **dict(refused.fills)).message  # type: ignore[arg-type]
