"""Putting a new password or secret in place, and telling the person of it."""

from __future__ import annotations

from uuid import UUID

from services.identity.people.models import Person
from services.identity.sessions.ending import end_session, end_sessions_of
from services.identity.sessions.listing import open_sessions
from services.identity.sign_in import passwords
from services.identity.sign_in.models import Credential
from services.identity.sign_in.password_rules import why_not_password
from services.identity.tokens.holders import cpc_concerned
from shared.events.identity.sign_in import CREDENTIALS_CHANGED
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Concerned, Work

REPLACED = "credentials_replaced"


def check_password(person: Person, password: str, again: str) -> None:
    """Raises Invalid for a password that is none, or typed differently the second time."""
    if problem := why_not_password(password, (person.username, person.name)):
        raise Invalid({"new_password": [problem]})
    if password != again:
        raise Invalid({"new_password_again": ["Type the same password twice."]})


def set_password(work: Work, credential: Credential, password: str) -> None:
    """Raises Invalid where it is the one that the person has."""
    if passwords.matches(credential.password_hash, password):
        raise Invalid({"new_password": ["This is the password you have. Choose another."]})
    credential.password_hash, credential.changed_at = passwords.hash_password(password), work.system_now


def tell(work: Work, person: Person, what: str, *, cpc: bool = False) -> None:
    """The person, who may not be who did it; and the CPC where nobody was signed in."""
    to = [Concerned(person.id, "person", person.unit, person.agency)]
    if cpc:
        to.append(cpc_concerned(work.session, person.unit, person.agency))
    data = {"person_id": person.id, "change_id": new_id(), "what": what}
    work.emit(CREDENTIALS_CHANGED, data, aggregate=("person", person.id), to=to)


def end_other_sessions(work: Work, person_id: UUID) -> None:
    """Whoever was signed in with the old one is so no more, but for the session in which it was changed."""
    for opened in open_sessions(work, person_id, lock=True):
        if opened.id != work.principal.session_id:
            end_session(work, opened, REPLACED)


def end_all_sessions(work: Work, person_id: UUID) -> None:
    end_sessions_of(work, person_id, REPLACED)
