"""Signing a document."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.documents.models import DocumentVersion, Signature
from services.identity.documents.schemas import SignedAnswer, SignInput
from services.identity.documents.signed import current_version, standing
from services.identity.documents.signing_rules import STATEMENT, is_own_name
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from shared.declarations import FormPage
from shared.events.identity import DOCUMENT_SIGNED
from shared.ids import derived_id
from shared.refusals import Invalid, NotFound
from shared.work import EVERY_AGENCY, Work


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
    ),
)
def sign(work: Work, *, code: str, text_hash: str, typed_name: str, accepted: bool) -> dict[str, str]:
    """The signature keeps what was signed: version, hash of its text, the statement, name and time (PF-4.16/A.4).

    An onboarding session ends with it: whoever signs in again has a whole one.
    """
    version = current_version(work.session, code)
    if version is None:
        raise NotFound
    work.concerns(subject=("document", derived_id("document", code)), version=version.version)
    person = work.session.get_one(Person, work.principal.person_id, with_for_update=True)
    _check(version, person, text_hash, typed_name, accepted=accepted)
    found = standing(work.session, person.id, code)
    if found is not None and not found.signed:
        _add(work, version, typed_name)
        data = {"document": code, "version": version.version, "person_id": person.id}
        subject = ("document", derived_id("document", code))
        work.emit(DOCUMENT_SIGNED, data, aggregate=subject, agencies=(EVERY_AGENCY,))
    if work.principal.scope != "onboarding":
        return {"next_page": "/documents"}
    opened = work.session.execute(
        select(SignInSession).where(SignInSession.id == work.principal.session_id)
    ).scalar_one()
    end_session(work, opened, "onboarded")
    return {"next_page": "/sign-in?signed"}


def _check(version: DocumentVersion, person: Person, text_hash: str, name: str, *, accepted: bool) -> None:
    errors = {}
    if not is_own_name(name, person.name):
        errors["typed_name"] = [f"Type your name as it stands on your card: {person.name}."]
    if not accepted:
        errors["accepted"] = ["Tick the statement to sign."]
    if text_hash != version.text_hash:
        errors["typed_name"] = ["A newer version has been published. Read that one before you sign."]
    if errors:
        raise Invalid(errors)


def _add(work: Work, version: DocumentVersion, typed_name: str) -> None:
    work.session.add(
        Signature(
            person_id=work.principal.person_id,
            version_id=version.id,
            typed_name=typed_name,
            statement=STATEMENT,
            text_hash=version.text_hash,
            signed_at=work.system_now,
            session_id=work.principal.session_id,
        )
    )
    work.session.flush()
