"""One's own passkeys: adding, seeing and removing them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.identity.passkeys.answering import passkeys_of, site_of
from services.identity.passkeys.ceremonies import PasskeyRefused, made, new_challenge, options_to_make
from services.identity.passkeys.models import ONE_OWNER, Passkey
from services.identity.passkeys.rules import why_not_add
from services.identity.passkeys.schemas import AddedAnswer, AddInput, OptionsAnswer, PasskeysAnswer
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.sign_in.credential_changes import tell
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work

ANSWER_WITHIN = timedelta(minutes=10)
service.constraints[ONE_OWNER] = lambda: Refusal("R34", what="This passkey has been added already.")


@service.query(
    "passkeys.mine",
    path="/passkeys",
    input=Nothing,
    answer=PasskeysAnswer,
    page=Page("Your passkeys", "passkeys/list.html"),
)
def mine(work: Work) -> dict[str, Any]:
    work.concerns(subject=("person", work.principal.person_id))
    return {"passkeys": passkeys_of(work.session, work.principal.person_id)}


@service.command(
    "passkeys.options",
    path="/passkeys/options",
    input=Nothing,
    answer=OptionsAnswer,
    recent_sign_in=True,
)
def options(work: Work) -> dict[str, Any]:
    """What a browser needs to make a passkey, within ten minutes."""
    return {"options": _options(work)}


def _options(work: Work) -> str:
    opened = _session(work)
    opened.challenge, opened.challenge_until = new_challenge(), work.system_now + ANSWER_WITHIN
    person = work.session.get_one(Person, opened.person_id)
    site = site_of(work.runtime)
    return options_to_make(site, person, opened.challenge, passkeys_of(work.session, person.id, site.host))


@service.command(
    "passkeys.add",
    path="/passkeys",
    input=AddInput,
    answer=AddedAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/passkeys/add",
        title="Add a passkey",
        button="Add the passkey",
        done="The passkey has been added. You can use it instead of a one-time code.",
        next="/passkeys",
        template="passkeys/add.html",
        values=lambda work: {"options": _options(work)},
    ),
)
def add(work: Work, *, name: str, passkey: str, options: str) -> Passkey:  # noqa: ARG001 - see below
    """`passkey` is the browser's answer as JSON; `options` only keeps the page's own question and is not looked at."""
    opened = _session(work)
    has = passkeys_of(work.session, opened.person_id)
    if problem := why_not_add([one.name for one in has], name):
        raise Invalid({"name": [problem]})
    site, challenge = site_of(work.runtime), opened.challenge
    if challenge is None or opened.challenge_until is None or opened.challenge_until <= work.system_now:
        raise Invalid({"name": ["That took too long. Go back to your passkeys and start again."]})
    try:
        new = made(site, challenge, passkey)
    except PasskeyRefused:
        raise Invalid({"name": ["The passkey could not be checked. Try again, or use another."]}) from None
    opened.challenge = None
    added = Passkey(
        person_id=opened.person_id,
        name=name,
        host=site.host,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        added_at=work.system_now,
    )
    work.session.add(added)
    work.session.flush()
    work.concerns(subject=("passkey", added.id))
    tell(work, work.session.get_one(Person, opened.person_id), "passkey_added")
    return added


@service.command(
    "passkeys.remove",
    path="/passkeys/<uuid:passkey_id>/remove",
    input=Nothing,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Remove a passkey",
        button="Remove it",
        done="The passkey has been removed.",
        next="/passkeys",
        intro="It can no longer be used to sign in. Your one-time codes go on as before.",
        values=lambda work, passkey_id: {"about": _own(work, passkey_id).name},
    ),
)
def remove(work: Work, *, passkey_id: UUID) -> None:
    """Only one's own; anybody else's is as good as none."""
    work.concerns(subject=("passkey", passkey_id))
    work.session.delete(_own(work, passkey_id))
    tell(work, work.session.get_one(Person, work.principal.person_id), "passkey_removed")


def _own(work: Work, passkey_id: UUID) -> Passkey:
    found = work.session.get(Passkey, passkey_id, with_for_update=True)
    if found is None or found.person_id != work.principal.person_id:
        raise NotFound
    return found


def _session(work: Work) -> SignInSession:
    """Under its lock, so that of two who add at once each has an answer of its own. Raises NotFound without one."""
    found = work.session.get(SignInSession, work.principal.session_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
