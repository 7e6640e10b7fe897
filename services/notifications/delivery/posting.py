"""Handing letters to the mail server. One that is down delays them and loses none.

At least once: should we die between the server's yes and our commit, a message goes out again under the same
Message-ID. A letter that the server refuses for good, for its mailbox (there is none) or for what it is, is tried a few
times more within eight hours, then set aside (`refused`). All else is tried again for ever: a server that is away, that
takes no sender of ours or that wants a password is set up wrongly, and once it is mended has all.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from sqlalchemy import select

from services.notifications.delivery.letters import ADDRESS, mails
from services.notifications.delivery.mail_rules import is_for_good, wait, wait_after_refusal, words
from services.notifications.delivery.models import Letter
from services.notifications.delivery.refused import set_aside
from services.notifications.service import service
from shared.directory.tables import DIRECTORY
from shared.ids import derived_id
from shared.settings import Settings
from shared.work import Work

log = structlog.get_logger(__name__)

_AT_ONCE = 20
_PATIENCE_SECONDS = 10
_person = DIRECTORY.person


@service.each_tick
def post_what_is_due(work: Work) -> None:
    """Asks for a task where letters wait: the tick itself speaks to no mail server."""
    if not mails(work):
        return
    due = select(Letter.id, Letter.tries).where(Letter.state == "waiting", Letter.due_at <= work.system_now)
    first = work.session.execute(due.order_by(Letter.due_at, Letter.id).limit(1)).first()
    if first is not None:
        work.enqueue("delivery.post", {}, key=f"{first.id}:{first.tries}")


def post_some(work: Work, _payload: Mapping[str, Any]) -> bool:
    """The next letters over one connection; whether more are due."""
    if not mails(work):
        return False
    due = (
        select(Letter)
        .where(Letter.state == "waiting", Letter.due_at <= work.system_now)
        .order_by(Letter.due_at, Letter.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    letters = work.session.execute(due).scalars().all()
    addresses = _addresses(work, letters)
    for letter in [one for one in letters if one.id not in addresses]:
        _end(work, letter, "dropped", "nobody there, or no address")
    here = [one for one in letters if one.id in addresses]
    return _hand_over(work, here, addresses) and len(letters) == _AT_ONCE


@service.task("delivery.post", step=post_some)
def posted(_work: Work, _payload: Mapping[str, Any]) -> None:
    """All that was due has been tried."""


def _hand_over(work: Work, letters: Sequence[Letter], addresses: Mapping[UUID, str]) -> bool:
    """False where the server is away: then the rest need not be tried now."""
    if not letters:
        return True
    waiting = list(letters)
    try:
        with connected(work.runtime.settings) as server:
            while waiting:
                _one(work, server, waiting[0], addresses[waiting[0].id])
                waiting.pop(0)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_away", error=type(error).__name__)
        for letter in waiting:
            _later(work, letter, type(error).__name__)
        return False
    return True


def _one(work: Work, server: smtplib.SMTP, letter: Letter, address: str) -> None:
    """Raises what says that the server itself is away; what concerns this letter alone is written down with it."""
    try:
        server.send_message(message(work.runtime.settings, letter, address))
    except smtplib.SMTPRecipientsRefused as refused:
        code, _ = next(iter(refused.recipients.values()))
        _refused(work, letter, code)
    except smtplib.SMTPDataError as refused:
        _refused(work, letter, refused.smtp_code)
    except smtplib.SMTPResponseException as refused:
        _later(work, letter, f"put off with {refused.smtp_code}")
    else:
        _end(work, letter, "sent", None)


def _refused(work: Work, letter: Letter, code: int) -> None:
    if not is_for_good(code):
        _later(work, letter, f"put off with {code}")
        return
    letter.refusals += 1
    pause = wait_after_refusal(letter.refusals)
    _later(work, letter, f"refused with {code}", pause)
    if pause is None:
        set_aside(work, letter)


def _later(work: Work, letter: Letter, why: str, pause: timedelta | None = None) -> None:
    letter.tries += 1
    letter.due_at, letter.last_error = work.system_now + (pause or wait(letter.tries)), why


def _end(work: Work, letter: Letter, state: str, why: str | None) -> None:
    letter.state, letter.ended_at, letter.last_error = state, work.system_now, why


def message(settings: Settings, letter: Letter, address: str) -> EmailMessage:
    said = words(letter.kind, letter.items, letter.overdue, settings.origin)
    host = urlsplit(settings.origin).hostname or "localhost"
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = settings.mail_from, address, said.subject
    made["Message-ID"] = f"<{derived_id('letter', letter.key)}@{host}>"
    made["Date"] = format_datetime(letter.written_at)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(
        f"OFFICIAL\n\n{said.body}\nThis message holds nothing about anybody. Do not answer it.\n"
    )
    return made


@contextmanager
def connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """`smtps://` is TLS from the start; `smtp://` with `?starttls=1` turns to it; a name and password sign in."""
    url = urlsplit(settings.smtp_url or "")
    secure = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            url.hostname or "", url.port or 465, timeout=_PATIENCE_SECONDS, context=secure
        )
    else:
        server = smtplib.SMTP(url.hostname or "", url.port or 25, timeout=_PATIENCE_SECONDS)
    with server:
        if "starttls=1" in url.query.split("&"):
            server.starttls(context=secure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def _addresses(work: Work, letters: Sequence[Letter]) -> dict[UUID, str]:
    """Where each goes now: whoever left or was suspended meanwhile gets nothing."""
    people = [one.person_id for one in letters if one.person_id is not None]
    found = select(_person.c.id, _person.c.email).where(_person.c.id.in_(people), _person.c.active)
    emails = {row[0]: row[1] for row in work.session.execute(found) if row[1]}
    known = {one.id: emails[one.person_id] for one in letters if one.person_id in emails}
    for one in letters:
        if one.address is not None:
            known[one.id] = work.runtime.decrypt(None, ADDRESS, one.address)
    return known
