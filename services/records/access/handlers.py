"""What records does when identity tells of sessions and of the directory."""

from __future__ import annotations

from services.records.service import service
from shared.access import revocations
from shared.directory import feed
from shared.events.envelope import Event
from shared.events.identity.sign_in import SESSION_REVOKED
from shared.work import Work

feed.register(service)


@service.on(SESSION_REVOKED)
def when_session_revoked(work: Work, event: Event) -> None:
    """Nothing that was signed before then opens a page here any more."""
    told = SESSION_REVOKED.load(event.data)
    subject = told["session_id"] or told["person_id"]
    if subject is not None:
        revocations.revoke(work.session, service.tables.revocation, subject, told["at"])
