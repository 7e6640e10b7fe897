"""Registering a terminal: the first step of those that lead to its approval (PF-6.4.1)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.terminals.models import Terminal
from services.identity.terminals.rules import why_not_look_after
from services.identity.terminals.schemas import RegisterInput, TerminalAnswer
from services.identity.terminals.standing import LEAD, check, standing_anywhere, standing_to
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.work import Work

KNOWN = "There is a terminal with this asset tag already."
service.constraints["uq_terminal_asset_tag"] = lambda: Refusal("R34", what=KNOWN)


def _first_values(work: Work) -> dict[str, str]:
    """A lead's own prison; refuses before anybody types whoever looks after no terminals."""
    check(work, work.principal.unit, why_not_look_after(standing_anywhere(work.principal)))
    places = sorted(work.principal.units_with_role(LEAD))
    return {"unit": places[0]} if places else {}


@service.command(
    "terminals.register",
    path="/terminals",
    input=RegisterInput,
    answer=TerminalAnswer,
    status=201,
    form=FormPage(
        path="/terminals/register",
        title="Register a terminal",
        button="Register the terminal",
        done="The terminal has been registered. Its risk assessment comes next.",
        next="/terminals/{id}",
        cancel="/terminals",
        values=_first_values,
        intro="A terminal opens nothing before its place was assessed and the CPC has approved it.",
    ),
)
def register(
    work: Work, *, asset_tag: str, unit: str, room: str, certificate_fingerprint: str | None
) -> Terminal:
    """By the lead of the place or the CPC; the same two who may assess it (PF-6.5.1)."""
    open_unit(work, unit)
    check(work, unit, why_not_look_after(standing_to(work.session, work.principal, unit)))
    fingerprint = as_fingerprint(certificate_fingerprint)
    _unknown(work, asset_tag, fingerprint)
    terminal = Terminal(
        asset_tag=asset_tag.upper(),
        unit=unit,
        room=room,
        certificate_fingerprint=fingerprint,
        status="registered",
        registered_by=work.principal.person_id,
        registered_at=work.system_now,
    )
    work.session.add(terminal)
    work.session.flush()
    work.concerns(subject=("terminal", terminal.id), unit=unit)
    return terminal


def open_unit(work: Work, code: str) -> Unit:
    """Raises Invalid for a unit that is not, or is closed."""
    unit = work.session.get(Unit, code)
    if unit is None or unit.closed_on is not None:
        raise Invalid({"unit": ["There is no open unit with this code."]})
    return unit


def as_fingerprint(text: str | None) -> str | None:
    """As the register keeps it: 64 small hexadecimal digits."""
    return text.replace(":", "").lower() if text else None


def terminal_with(work: Work, tag: str) -> UUID | None:
    return work.session.execute(select(Terminal.id).where(Terminal.asset_tag == tag.upper())).scalar()


def _unknown(work: Work, tag: str, fingerprint: str | None) -> None:
    if terminal_with(work, tag) is not None:
        raise Invalid({"asset_tag": [KNOWN]})
    has_it = select(Terminal.id).where(Terminal.certificate_fingerprint == fingerprint)
    if fingerprint and work.session.execute(has_it).first():
        raise Invalid({"certificate_fingerprint": ["Another terminal has this certificate."]})
