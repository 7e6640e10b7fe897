"""Withdrawing a terminal: its sessions end within seconds (bound: 5 s), whoever or whatever withdraws it."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.identity.people.models import Unit
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from services.identity.terminals.device_keys import ReplacedKey
from services.identity.terminals.models import Assessment, Assurance, EnrolmentCode, Terminal
from services.identity.terminals.rules import KEY_GOES
from services.identity.terminals.standing import cpc_of, leads_of, open_assurance, others, waiting_assessment
from shared.events.identity.terminals import TERMINAL_WITHDRAWN
from shared.work import Work


def withdraw(work: Work, terminal: Terminal, reason: str) -> int:
    """`reason` is a code of `rules.WITHDRAWN`. What was asked about it is void. Returns how many sessions ended.

    The terminal's row is locked by the caller.
    """
    assessment = waiting_assessment(work.session, terminal.id)
    assurance = open_assurance(work.session, terminal.id)
    _void(work, assessment, assurance)
    terminal.status, terminal.withdrawn_reason = "withdrawn", reason
    terminal.withdrawn_by, terminal.withdrawn_at = work.principal.person_id, work.system_now
    terminal.approved_by = terminal.approved_at = terminal.reassure_by = None
    forget_code(work.session, terminal)
    if reason in KEY_GOES:
        forget_keys(work.session, terminal)
        terminal.certificate_fingerprint = None
    data = {
        "terminal_id": terminal.id,
        "unit": terminal.unit,
        "assessment_id": assessment.id if assessment else None,
        "assurance_id": assurance.id if assurance else None,
        "reason_code": reason,
    }
    people = others(work, [cpc_of(work, terminal.unit), *leads_of(work, terminal.unit)])
    agency = work.session.get_one(Unit, terminal.unit).agency
    work.emit(TERMINAL_WITHDRAWN, data, aggregate=("terminal", terminal.id), to=people, agencies=(agency,))
    return end_sessions_at(work, terminal, "terminal_withdrawn")


def end_sessions_at(work: Work, terminal: Terminal, reason: str) -> int:
    """Every open session from this terminal. Returns how many there were."""
    found = select(SignInSession).where(
        SignInSession.terminal_id == terminal.id, SignInSession.ended_at.is_(None)
    )
    sessions = work.session.execute(found.with_for_update()).scalars().all()
    for session in sessions:
        end_session(work, session, reason)
    return len(sessions)


def forget_keys(session: Session, terminal: Terminal) -> None:
    """Whatever key its browser shows is nobody's."""
    terminal.device_key_hash, terminal.enrolled_at = None, None
    session.execute(delete(ReplacedKey).where(ReplacedKey.terminal_id == terminal.id))


def forget_code(session: Session, terminal: Terminal) -> None:
    """An enrolment code that was not used counts no more."""
    code = session.get(EnrolmentCode, terminal.id)
    if code is not None:
        session.delete(code)


def _void(work: Work, assessment: Assessment | None, assurance: Assurance | None) -> None:
    if assessment is not None:
        assessment.outcome, assessment.decided_at = "void", work.system_now
    if assurance is not None:
        assurance.closed_at = work.system_now
