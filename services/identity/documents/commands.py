"""Signing a document."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.identity.documents.models import Document, DocumentVersion, Signature
from services.identity.documents.schemas import SignedAnswer, SignInput
from services.identity.documents.signed import current_version, standing, to_sign
from services.identity.documents.signing_rules import asks_consequences, is_own_name, whole_statement
from services.identity.documents.telling import tell_signed
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from shared.declarations import FormPage
from shared.ids import derived_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work


def first_shown(work: Work, code: str) -> dict[str, Any]:
    """The form on a page of its own, for whom the page with the text led here after a mistake."""
    found = standing(work.session, work.principal.person_id, code)
    if found is None:
        raise NotFound
    return {"text_hash": found.version.text_hash, "about": found.document.title}


@service.command(
    "documents.sign",
    path="/documents/<string:code>/sign",
    input=SignInput,
    answer=SignedAnswer,
    audience="onboarding",
    form=FormPage(
        title="Sign the document",
        button="Sign",
        done="You have signed the document.",
        next="{next_page}",
        intro="You sign the version that you have read.",
        values=first_shown,
    ),
)
def sign(
    work: Work, *, code: str, text_hash: str, typed_name: str, accepted: bool, consequences: bool
) -> dict[str, str]:
    """The signature keeps what was signed: version, hash of its text, the statement, name and time (PF-4.16/A.4).

    An onboarding session ends with it: whoever signs in again has a whole one, or what is left to sign.
    """
    version, document = current_version(work.session, code), work.session.get(Document, code)
    if version is None or document is None:
        raise NotFound
    work.concerns(subject=("document", derived_id("document", code)), version=version.version)
    if document.historical or document.signature == "none":
        raise Refusal("R34", what="Nobody signs this document: it is kept to be read.")
    person = work.session.get_one(Person, work.principal.person_id, with_for_update=True)
    _check(version, person, text_hash, typed_name)
    _check_ticks(document, accepted=accepted, consequences=consequences)
    found = standing(work.session, person.id, code)
    if found is not None and not found.signed:
        _add(work, document, version, typed_name)
        tell_signed(work, person, version)
    if work.principal.scope != "onboarding" or _left(work):
        return {"next_page": "/documents"}
    opened = work.session.execute(
        select(SignInSession).where(SignInSession.id == work.principal.session_id)
    ).scalar_one()
    end_session(work, opened, "onboarded")
    return {"next_page": "/sign-in?signed"}


def _left(work: Work) -> bool:
    """Whether something is left to sign, so that one need not sign in anew for each document."""
    mine = to_sign(work.session, work.principal.person_id, work.principal.agency_kind)
    return any(one.document.signature == "required" and not one.signed for one in mine)


def _check(version: DocumentVersion, person: Person, text_hash: str, name: str) -> None:
    if not is_own_name(name, person.name):
        raise Invalid({"typed_name": [f"Type your name as it stands on your card: {person.name}."]})
    if text_hash != version.text_hash:
        message = "A newer version has been published. Read that one before you sign."
        raise Invalid({"typed_name": [message]})


def _check_ticks(document: Document, *, accepted: bool, consequences: bool) -> None:
    """PF-7/SyOps.2: that one understands the consequences is said apart."""
    wrong = {}
    if not accepted:
        wrong["accepted"] = ["Tick the statement to sign."]
    if asks_consequences(document.signature) and not consequences:
        wrong["consequences"] = ["Tick that you understand what contravening it could lead to."]
    if wrong:
        raise Invalid(wrong)


def _add(work: Work, document: Document, version: DocumentVersion, typed_name: str) -> None:
    work.session.add(
        Signature(
            person_id=work.principal.person_id,
            version_id=version.id,
            typed_name=typed_name,
            statement=whole_statement(document.signature),
            text_hash=version.text_hash,
            signed_at=work.system_now,
            session_id=work.principal.session_id,
        )
    )
    work.session.flush()
