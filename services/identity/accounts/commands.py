"""Making, closing and opening accounts."""

from __future__ import annotations

from uuid import UUID

from services.identity.accounts.finding import person_or_404, require_authority
from services.identity.accounts.schemas import CreatedAnswer, CreateInput, DisableInput, EnableInput
from services.identity.accounts.states import disable
from services.identity.directory import log
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.web.schemas import Done
from shared.work import Work

service.constraints["uq_person_username"] = lambda: Refusal("R34", what="Somebody else has this user name.")


@service.command(
    "accounts.create",
    path="/people",
    input=CreateInput,
    answer=CreatedAnswer,
    recent_sign_in=True,
    status=201,
    form=FormPage(
        path="/accounts/create",
        title="Create an account",
        button="Create the account",
        done="The account has been created. It opens once vetting, training and SyOPs are in place.",
        next="/people/{id}/access",
        intro="You execute what the CPC has authorised: say who did, and where that is recorded.",
    ),
)
def create(
    work: Work,
    *,
    username: str,
    name: str,
    job_title: str,
    email: str,
    telephone: str,
    unit: str,
    authority: str,
) -> Person:
    """PF-4.16/A.6: a holder of `admin` executes on the CPC's request."""
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right
    found = work.session.get(Unit, unit)
    if found is None:
        raise Invalid({"unit": ["There is no unit with this code."]})
    person = Person(
        username=username,
        name=name,
        job_title=job_title,
        email=email,
        telephone=telephone,
        agency=found.agency,
        unit=found.code,
        state="created",
        created_at=work.system_now,
        authority=authority,
    )
    work.session.add(person)
    work.session.flush()
    work.concerns(subject=("person", person.id), unit=unit)
    log.changed(work, people=[person.id])
    return person


@service.command(
    "accounts.disable",
    path="/people/<uuid:person_id>/disable",
    input=DisableInput,
    answer=Done,
    form=FormPage(
        title="Disable an account",
        button="Disable the account",
        done="The account has been disabled.",
        template="accounts/person_form.html",
        next="/people/{person_id}",
        intro="The person’s sessions end within seconds. Their card stays: old entries still say who wrote them.",
    ),
)
def disable_account(work: Work, *, person_id: UUID, reason_code: str, note: str) -> None:
    """At once for a leaver or a suspension (PF-4.38.3); line managers may do it for their own people (PF-4.39)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), reason=reason_code, private=note or None)
    if person.line_manager != work.principal.person_id:
        require_authority(work, person, "account")
    disable(work, person, reason_code)
    if reason_code == "left":
        person.left_on = work.today
    log.changed(work, people=[person.id])


@service.command(
    "accounts.enable",
    path="/people/<uuid:person_id>/enable",
    input=EnableInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Open an account again",
        button="Open the account",
        done="The account is open again.",
        template="accounts/person_form.html",
        next="/people/{person_id}/access",
    ),
)
def enable_account(work: Work, *, person_id: UUID, note: str) -> None:
    """Vetting and the rest are asked again at the next sign-in."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), private=note)
    require_authority(work, person, "account")
    if person.state != "disabled":
        contact = cpc_contact(work.session, person.unit)
        raise Refusal("R34", contact=contact, what=f"This account is {person.state}, not disabled.")
    person.state, person.disabled_reason, person.left_on = "active", None, None
    log.changed(work, people=[person.id])
