"""Trading the browser's opaque id for an access token; each trade but a poll's prolongs the session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.identity.accounts.rules import NEWCOMERS
from services.identity.opaque_ids import hashed
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sessions.principals import principal_of
from services.identity.sessions.rules import Limits, Times, is_over
from services.identity.terminals.copied_keys import stop_copied
from services.identity.terminals.device_keys import CopiedKey, holder_of
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.access import credentials
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.runtime import Runtime
from shared.work import Work

# A session is marked as used at most this often: each mark is a write.
_MARK_EVERY = timedelta(seconds=15)


def access_token(runtime: Runtime, secret: str, *, poll: bool, device_key: str | None = None) -> str | None:
    """A fresh access token, or None where there is no such session any more.

    Asked for every two minutes at most, so that with the broker gone an ended right still ends with the token. A
    session of a terminal with a device key is open only to whoever shows that key too; a replaced key stops both.
    """
    try:
        return _traded(runtime, secret, device_key, poll=poll)
    except CopiedKey as copied:
        stop_copied(runtime, copied.terminal_id)
        return None


def _traded(runtime: Runtime, secret: str, device_key: str | None, *, poll: bool) -> str | None:
    with runtime.system_work("session.credential") as work:
        found = _open(work, secret)
        if found is None or not _at_its_terminal(work, found[0], device_key):
            return None
        opened, person = found
        if not poll and work.system_now - opened.last_seen_at >= _MARK_EVERY:
            opened.last_seen_at = work.system_now
        principal = principal_of(work.session, opened, person, runtime.settings.issuer)
    return credentials.issue(principal, signing_keys(runtime).current, runtime.clocks.system)


def signing_keys(runtime: Runtime) -> SigningKeys:
    """Opened once a process; a rotation is seen by `reload`, which publishing does."""
    keys = runtime.extras.get(ACCESS_TOKENS)
    if keys is None:
        keys = runtime.extras[ACCESS_TOKENS] = SigningKeys(runtime.settings.keys_home, ACCESS_TOKENS)
    return cast("SigningKeys", keys)


def find_session(session: Session, secret: str, now: datetime) -> SignInSession | None:
    """By the id that the browser holds, or for some seconds by the one it held before."""
    given = hashed(secret)
    before = and_(SignInSession.previous_hash == given, SignInSession.previous_until > now)
    found = select(SignInSession).where(or_(SignInSession.secret_hash == given, before))
    return session.execute(found).scalar_one_or_none()


def _open(work: Work, secret: str) -> tuple[SignInSession, Person] | None:
    opened = find_session(work.session, secret, work.system_now)
    if opened is None:
        return None
    times = Times(opened.opened_at, opened.last_seen_at, opened.ended_at)
    if is_over(times, limits(work), work.system_now):
        return None
    person = work.session.get_one(Person, opened.person_id)
    cleared = level_held(clearances(work.session, person.id, work.policy), work.today)
    admitted = person.is_active or (opened.scope == "onboarding" and person.state in NEWCOMERS)
    return (opened, person) if admitted and cleared else None


def _at_its_terminal(work: Work, opened: SignInSession, device_key: str | None) -> bool:
    """Whether it is shown from the browser in which it was opened. Raises CopiedKey."""
    if not opened.by_device_key:
        return True
    holder = holder_of(work.session, device_key or "", work.system_now)
    return holder is not None and holder.id == opened.terminal_id


def limits(work: Work) -> Limits:
    """As national policy has them today."""
    today = work.today
    return Limits(
        work.policy.period("session.timeout", today).length,
        work.policy.period("session.longest", today).length,
    )
