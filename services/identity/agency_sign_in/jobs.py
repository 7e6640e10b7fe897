"""Once a day each person is looked for in their agency's LDAP directory: who is gone there is disabled here."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from sqlalchemy import delete, or_, select

from services.identity.accounts.states import disable
from services.identity.agency_sign_in.configured import LdapDirectory, directories
from services.identity.agency_sign_in.ldap import DirectoryAway, entry_of
from services.identity.agency_sign_in.models import DirectoryLook, ProviderRequest
from services.identity.directory.log import note
from services.identity.people.models import Person
from services.identity.service import service
from shared.work import About, Work

log = structlog.get_logger(__name__)
GONE = "not_in_directory"
# A wrong `base` or a directory half restored must not shut out a whole force overnight.
BELIEVED_AFTER = timedelta(days=1)
_AT_ONCE = 20


@service.each_tick
def look_for_leavers(work: Work) -> int:
    """Returns how many were disabled. A directory that cannot be asked changes nothing."""
    known = directories(work.runtime.settings.directories).ldap
    return sum(_look(work, directory) for directory in known.values())


@service.each_tick
def forget_requests(work: Work) -> None:
    work.session.execute(delete(ProviderRequest).where(ProviderRequest.expires_at <= work.system_now))


def _look(work: Work, directory: LdapDirectory) -> int:
    asked = select(DirectoryLook).where(DirectoryLook.person_id == Person.id)
    due = (
        select(Person)
        .outerjoin(DirectoryLook, DirectoryLook.person_id == Person.id)
        .where(
            Person.agency == directory.agency,
            Person.state.in_(["created", "active"]),
            or_(DirectoryLook.looked_on.is_(None), DirectoryLook.looked_on < work.today),
        )
        .order_by(Person.id)
        .limit(_AT_ONCE)
        .with_for_update(of=Person, skip_locked=True)
    )
    gone = 0
    for person in work.session.execute(due).scalars().all():
        looked = work.session.execute(asked.where(Person.id == person.id)).scalar_one_or_none()
        looked = looked or DirectoryLook(person_id=person.id)
        try:
            there = entry_of(directory, person.username) is not None
        except DirectoryAway:
            log.warning("agency_directory_away", agency=directory.agency)
            return gone
        gone += _noted(work, person, looked, there=there)
    return gone


def _noted(work: Work, person: Person, looked: DirectoryLook, *, there: bool) -> int:
    today: date = work.today
    looked.looked_on = today
    looked.missing_since = None if there else looked.missing_since or today
    work.session.add(looked)
    if looked.missing_since is None or today - looked.missing_since < BELIEVED_AFTER:
        return 0
    disable(work, person, GONE)
    note(work.session, [("person", str(person.id))])
    work.audit("accounts.not_in_directory", About("person", person.id))
    return 1
