"""The bootstrap of a real deployment: the first accounts, appointments and terminal, once and never again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.identity.bootstrap.models import Bootstrap
from services.identity.bootstrap.people import add_person, add_role, add_token
from services.identity.bootstrap.rules import HEADS, problems
from services.identity.bootstrap.shapes import Beginning, FirstTerminal
from services.identity.buildings.models import Building
from services.identity.buildings.networks import add_range
from services.identity.buildings.rules import parse
from services.identity.directory import log
from services.identity.documents.library import ensure_syops
from services.identity.estate import NATIONAL
from services.identity.estate.national import HOME, ensure_home
from services.identity.people.models import Person, Unit
from services.identity.sign_in.recovery import MadeCode as RecoveryCode
from services.identity.sign_in.recovery import make
from services.identity.terminals.enrolling import MadeCode, new_code
from services.identity.terminals.models import Terminal
from services.identity.tokens.models import TokenGrant
from shared.refusals import Invalid
from shared.runtime import Runtime
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.work import About, Work

ACTION = "users.first_administrator"
DONE = "the bootstrap of this deployment was done already; whatever comes next is done on its pages"


class BeginningRefused(Exception):
    """Nothing was made; the message says why, line by line, for the operator."""


@dataclass(frozen=True)
class Begun:
    """Seen this once: the code with which the administrator sets a password, and the terminal's enrolment code."""

    administrator: RecoveryCode
    terminal: MadeCode | None


def begin(runtime: Runtime, given: Beginning) -> Begun:
    """Raises BeginningRefused where the file is wrong, or where it was done before (also a moment before)."""
    try:
        with runtime.system_work(ACTION) as work:
            return _begun(work, given)
    except IntegrityError as error:
        if "pk_bootstrap" in str(error.orig):
            raise refused(runtime, DONE) from error
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        raise refused(runtime, f"something of this is there already ({constraint})") from error
    except (BeginningRefused, Invalid) as problem:
        raise refused(runtime, str(getattr(problem, "errors", problem))) from problem


def refused(runtime: Runtime, why: str) -> BeginningRefused:
    """An attempt is audited too, in a transaction of its own."""
    with runtime.system_work(ACTION) as work:
        work.audit(ACTION, About(facts={"closed": why == DONE}), outcome="failed")
    return BeginningRefused(why)


def _begun(work: Work, given: Beginning) -> Begun:
    _only_once(work, given)
    ensure_home(work)
    if wrong := list(problems(given, _units(work), work.today)):
        raise BeginningRefused("\n".join(wrong))
    ensure_syops(work)
    administrator = add_person(work, given.administrator, given.document, "Identity Manager administrator")
    head = add_person(work, given.head, given.document, "Head of Public Protection or Prison Group Director")
    cpc = add_person(work, given.cpc, given.document, "Central Point of Contact")
    role = HEADS[work.session.get_one(Unit, given.head.unit).kind]
    add_token(work, administrator, "admin", NATIONAL, administrator.id, given.document)
    add_role(work, head, role, given.head.unit, administrator.id, given.document)
    add_token(work, cpc, "cpc", given.cpc.unit, head.id, given.document)
    _home_network(work, given.network)
    terminal = _terminal(work, given.terminal, given.document) if given.terminal else None
    made = make(work, administrator)
    log.changed(work, people=[administrator.id, head.id, cpc.id])
    _record(work, given, {"administrator": administrator, "head": head, "cpc": cpc}, terminal)
    return Begun(made, new_code(work, terminal, "terminals.first_code_lasts") if terminal else None)


def _only_once(work: Work, given: Beginning) -> None:
    """The row is written first: of two at once the second waits here, and then meets its key."""
    row = Bootstrap(id=1, document=given.document, recorded={}, done_at=work.system_now)
    work.session.add(row)
    work.session.flush()
    held = select(TokenGrant.id).where(TokenGrant.token == "admin", TokenGrant.ended_at.is_(None))  # noqa: S105
    if work.session.execute(held.limit(1)).first() is not None:
        raise BeginningRefused(DONE)


def _units(work: Work) -> dict[str, tuple[str, str | None]]:
    found = select(Unit.code, Unit.kind, Unit.parent).where(Unit.closed_on.is_(None))
    return {row.code: (row.kind, row.parent) for row in work.session.execute(found)}


def _home_network(work: Work, addresses: str) -> None:
    building = Building(
        unit=HOME, name="Administration", address="As the authority says", registered_at=work.system_now
    )
    work.session.add(building)
    work.session.flush()
    add_range(work, building, parse(addresses), "lan")


def _terminal(work: Work, given: FirstTerminal, document: str) -> Terminal:
    """Approved on the document's word; assured within a year like any other."""
    every = work.policy.period("terminals.reassurance_every", work.today)
    terminal = Terminal(
        **asdict(given) | {"asset_tag": given.asset_tag.upper()},
        status="approved",
        approved_at=work.system_now,
        registered_at=work.system_now,
        reassure_by=due(start_of_day(work.today), every, "ENG").day,
        document=document,
    )
    work.session.add(terminal)
    work.session.flush()
    return terminal


def _record(work: Work, given: Beginning, people: dict[str, Person], terminal: Terminal | None) -> None:
    """One audit entry for each appointment, and the row that closes the bootstrap."""
    recorded: dict[str, Any] = {name: str(person.id) for name, person in people.items()}
    for name, person in people.items():
        facts = {"bootstrap": name, "unit": person.unit, "document": given.document}
        work.audit(ACTION, About("person", person.id, facts=facts))
    if terminal is not None:
        recorded["terminal"] = str(terminal.id)
        facts = {"bootstrap": "terminal", "unit": terminal.unit, "document": given.document}
        work.audit(ACTION, About("terminal", terminal.id, facts=facts))
    work.session.get_one(Bootstrap, 1).recorded = recorded
