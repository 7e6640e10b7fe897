"""Changing one's own password, and moving the one-time codes to another app."""

from __future__ import annotations

from typing import Any

from services.identity.agency_sign_in.passwords import keeps_own
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sign_in import one_time_codes
from services.identity.sign_in.credential_changes import (
    check_password,
    end_other_sessions,
    set_password,
    tell,
)
from services.identity.sign_in.models import Credential
from services.identity.sign_in.schemas import CodesInput, CodesOptionsAnswer, NewPasswordInput
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound
from shared.web.schemas import Done, Nothing
from shared.work import Work


@service.command(
    "sign_in.change_password",
    path="/my-password",
    input=NewPasswordInput,
    answer=Done,
    audience="onboarding",
    recent_sign_in=True,
    form=FormPage(
        title="Change your password",
        button="Change the password",
        done="Your password has been changed. Your other sessions have ended.",
        next="/sessions",
        intro="Use 12 characters or more. Three or four words that you will remember do well.",
    ),
)
def change_password(work: Work, *, new_password: str, new_password_again: str) -> None:
    """A recent sign-in stands for the old password. Other sessions end."""
    person, credential = _own(work)
    if not keeps_own(work, person.agency):
        raise Invalid({"new_password": ["Your agency keeps your password: change it there"]})
    check_password(person, new_password, new_password_again)
    set_password(work, credential, new_password)
    end_other_sessions(work, person.id)
    tell(work, person, "password_changed")


@service.command(
    "sign_in.new_codes",
    path="/my-codes/new",
    input=Nothing,
    answer=CodesOptionsAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Move your one-time codes to another app",
        button="Make a new key",
        done="The new key is ready.",
        next="/my-codes",
        path="/my-codes/begin",
        intro="A new key is made for the other app. The codes you have now count until its first code is typed.",
    ),
)
def new_codes(work: Work) -> dict[str, Any]:
    """A new secret for an app. Codes of the old one count until the first code of the new one has been given."""
    person, credential = _own(work)
    secret = one_time_codes.new_secret()
    credential.next_secret = work.runtime.encrypt(None, one_time_codes.PURPOSE, secret)
    return {"secret": secret, "address": one_time_codes.address_for_app(secret, person.username)}


def _shown(work: Work) -> dict[str, str]:
    """The key that waits; looking at it changes nothing. Empty where none does."""
    person, credential = _own(work)
    if credential.next_secret is None:
        return {"shown_secret": "", "shown_address": ""}
    secret = work.runtime.decrypt(None, one_time_codes.PURPOSE, credential.next_secret)
    return {
        "shown_secret": one_time_codes.grouped(secret),
        "shown_address": one_time_codes.address_for_app(secret, person.username),
    }


@service.command(
    "sign_in.replace_codes",
    path="/my-codes",
    input=CodesInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Move your one-time codes to another app",
        button="Use the new codes",
        done="Your one-time codes have moved. The old app’s codes no longer count.",
        next="/passkeys",
        template="sign_in/codes.html",
        values=_shown,
    ),
)
def replace_codes(
    work: Work,
    *,
    code: str,
    shown_secret: str,  # noqa: ARG001 - only the page's own
    shown_address: str,  # noqa: ARG001
) -> None:
    """The first code of the new app proves that it holds the secret."""
    person, credential = _own(work)
    if credential.next_secret is None:
        raise Invalid({"code": ["Start again: no new key is waiting."]})
    secret = work.runtime.decrypt(None, one_time_codes.PURPOSE, credential.next_secret)
    step = one_time_codes.step_of(secret, code, work.system_now, 0)
    if step is None:
        raise Invalid({"code": ["This is no code of the new app. Check its clock, and the key you typed."]})
    credential.code_secret, credential.next_secret = credential.next_secret, None
    credential.last_step, credential.changed_at = step, work.system_now
    tell(work, person, "code_replaced")


def _own(work: Work) -> tuple[Person, Credential]:
    """Raises NotFound for somebody who signs in elsewhere, and has no password here."""
    work.concerns(subject=("person", work.principal.person_id))
    credential = work.session.get(Credential, work.principal.person_id, with_for_update=True)
    if credential is None:
        raise NotFound
    return work.session.get_one(Person, work.principal.person_id), credential
