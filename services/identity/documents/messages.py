"""A CPC's message on a document, down to every user of the area or group, with read receipts (PF-5.11.4)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from services.identity.documents.message_rules import USER, leads_of, may_pass_on
from services.identity.documents.models import DocumentMessage, DocumentVersion, Passage, Receipt
from services.identity.documents.schemas import MessageInput, SentAnswer
from services.identity.documents.telling import subject_of
from services.identity.people.models import Person, Unit
from services.identity.people.units import above, below
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.declarations import FormPage
from shared.events.identity.documents import DOCUMENT_MESSAGE, DOCUMENT_MESSAGE_READ, DOCUMENT_PASSED_ON
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import EVERY_AGENCY, Concerned, Work


def _first_written(work: Work) -> dict[str, Any]:
    """Refuses before anybody types whoever is nobody's CPC."""
    return {"about": work.session.get_one(Unit, _own_unit(work)).name}


@service.command(
    "documents.disseminate",
    path="/documents/messages",
    input=MessageInput,
    answer=SentAnswer,
    status=201,
    form=FormPage(
        path="/documents/messages/new",
        title="Tell your users of a change",
        button="Send",
        done="The message is on its way.",
        next="/documents/messages/{id}",
        cancel="/documents/messages",
        intro="It goes to the Governor and ViSOR leads of each prison, or the LPC of each unit, who pass it on to "
        "their users. You see who has read it.",
        values=_first_written,
    ),
)
def disseminate(work: Work, *, version_id: UUID, text: str) -> DocumentMessage:
    """By a CPC, to their own area, group or force."""
    unit = _own_unit(work)
    version = work.session.get(DocumentVersion, version_id)
    if version is None:
        raise Invalid({"version_id": ["There is no such version."]})
    work.concerns(subject=subject_of(version.document), version=version.version, unit=unit)
    made = DocumentMessage(
        version_id=version_id, unit=unit, text=text, sent_by=work.principal.person_id, sent_at=work.system_now
    )
    work.session.add(made)
    work.session.flush()
    _send(work, made)
    return made


def _first_passed_on(work: Work, *, passage_id: UUID) -> dict[str, Any]:
    passage = _passage(work, passage_id)
    return {"about": work.session.get_one(Unit, passage.unit).name}


@service.command(
    "documents.pass_on",
    path="/documents/passages/<uuid:passage_id>/pass-on",
    input=Nothing,
    answer=SentAnswer,
    form=FormPage(
        title="Pass the message on",
        button="Pass it on to all users",
        done="The message has been passed on.",
        next="/documents/messages/{id}",
        cancel="/documents",
        intro="Every user of the prison or unit gets it on their to-do list.",
        values=_first_passed_on,
    ),
)
def pass_on(work: Work, *, passage_id: UUID) -> DocumentMessage:
    """By the Governor, a ViSOR lead or the LPC who got it, or by the CPC in their place; of two at once one (R34)."""
    passage = _passage(work, passage_id, lock=True)
    message = work.session.get_one(DocumentMessage, passage.message_id)
    passage.passed_on_by, passage.passed_on_at = work.principal.person_id, work.system_now
    _to_users(work, message, passage, _users(work, [passage.unit])[passage.unit])
    data = {"message_id": message.id, "passage_id": passage.id, "unit": passage.unit, "stage": "leads"}
    work.emit(DOCUMENT_PASSED_ON, data, aggregate=("document_message", message.id), agencies=(EVERY_AGENCY,))
    return message


def _passage(work: Work, passage_id: UUID, *, lock: bool = False) -> Passage:
    """One that the principal may pass on now; R32 for whoever did not get it so, R34 once it has been."""
    passage = work.session.get(Passage, passage_id, with_for_update=lock)
    if passage is None:
        raise NotFound
    message = work.session.get_one(DocumentMessage, passage.message_id)
    work.concerns(subject=("document_message", message.id), unit=passage.unit)
    passed = passage.passed_on_at is not None
    received, sender = _received_as(work, passage), is_sender(work, message)
    if may_pass_on(received_as=received, is_cpc=sender, passed_on=passed):
        return passage
    if passed:
        raise Refusal("R34", what="The message has been passed on already.")
    raise Refusal("R32", role="the Governor, a ViSOR lead or the LPC who received the message")


def _first_read(work: Work, *, message_id: UUID) -> dict[str, Any]:
    """Only of a message that one got."""
    _own_receipts(work, message_id)
    return {}


@service.command(
    "documents.confirm_read",
    path="/documents/messages/<uuid:message_id>/read",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Confirm that you have read the message",
        button="I have read it",
        done="Thank you. The sender sees that you have read it.",
        next="/documents",
        values=_first_read,
    ),
)
def confirm_read(work: Work, *, message_id: UUID) -> None:
    """The read receipt; once given it stands."""
    for receipt in _own_receipts(work, message_id, lock=True):
        if receipt.read_at is None:
            receipt.read_at = work.system_now
            data = {
                "message_id": message_id,
                "passage_id": receipt.passage_id,
                "person_id": receipt.person_id,
            }
            subject = ("document_message", message_id)
            work.emit(DOCUMENT_MESSAGE_READ, data, aggregate=subject, agencies=(EVERY_AGENCY,))


def _own_receipts(work: Work, message_id: UUID, *, lock: bool = False) -> list[Receipt]:
    """Raises NotFound where the message never came to the principal."""
    work.concerns(subject=("document_message", message_id))
    mine = (
        select(Receipt)
        .join(Passage, Passage.id == Receipt.passage_id)
        .where(Passage.message_id == message_id, Receipt.person_id == work.principal.person_id)
    )
    receipts = list(work.session.execute(mine.with_for_update(of=Receipt) if lock else mine).scalars())
    if not receipts:
        raise NotFound
    return receipts


def is_sender(work: Work, message: DocumentMessage) -> bool:
    """The CPC of the message's area, who may not be the one who wrote it any more."""
    areas = set(above(work.session, message.unit))
    return bool((work.principal.units_with("cpc") | work.principal.deputy_for) & areas)


def _own_unit(work: Work) -> str:
    units = sorted(work.principal.units_with("cpc") or work.principal.deputy_for)
    if not units:
        raise Refusal("R24")
    return units[0]


def _send(work: Work, message: DocumentMessage) -> None:
    """A passage for each unit that has users: first to those who pass it on, or where there are none to all."""
    units = below(work.session, [message.unit])
    kinds = {
        unit.code: unit.kind
        for unit in work.session.execute(select(Unit).where(Unit.code.in_(units))).scalars()
    }
    held = _held(work, units)
    for unit, people in sorted(_users(work, units).items()):
        passage = Passage(message_id=message.id, unit=unit)
        work.session.add(passage)
        work.session.flush()
        leads = leads_of(kinds[unit], {str(person.id): held[person.id] for person in people})
        if leads:
            chosen = {person: leads[str(person.id)] for person in people if str(person.id) in leads}
            _deliver(work, message, passage, chosen, "leads")
        else:
            _to_users(work, message, passage, people)


def _to_users(work: Work, message: DocumentMessage, passage: Passage, people: list[Person]) -> None:
    """Everybody of the unit who has not had it yet."""
    got = set(
        work.session.execute(select(Receipt.person_id).where(Receipt.passage_id == passage.id)).scalars()
    )
    rest = {
        person: USER for person in people if person.id not in got and person.id != work.principal.person_id
    }
    if rest:
        _deliver(work, message, passage, rest, "users")


def _deliver(
    work: Work, message: DocumentMessage, passage: Passage, people: dict[Person, str], stage: str
) -> None:
    work.session.add_all(
        Receipt(passage_id=passage.id, person_id=person.id, role=role, sent_at=work.system_now)
        for person, role in people.items()
    )
    data = {"message_id": message.id, "passage_id": passage.id, "unit": passage.unit, "stage": stage}
    to = [Concerned(person.id, role, passage.unit, person.agency) for person, role in people.items()]
    work.emit(DOCUMENT_MESSAGE, data, aggregate=("document_message", message.id), to=to)


def _users(work: Work, units: frozenset[str] | list[str]) -> dict[str, list[Person]]:
    people: dict[str, list[Person]] = defaultdict(list)
    found = (
        select(Person).where(Person.unit.in_(units), ACTIVE).order_by(Person.unit, func.lower(Person.name))
    )
    for person in work.session.execute(found).scalars():
        people[person.unit].append(person)
    return people


def _held(work: Work, units: frozenset[str]) -> dict[UUID, tuple[str, ...]]:
    """Tokens and roles held for these units, by person."""
    tokens = select(TokenGrant.person_id, TokenGrant.token).where(
        TokenGrant.unit.in_(units), token_in_force()
    )
    roles = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.unit.in_(units), role_in_force())
    held: dict[UUID, tuple[str, ...]] = defaultdict(tuple)
    for person_id, name in work.session.execute(union_all(tokens, roles)):
        held[person_id] += (name,)
    return held


def _received_as(work: Work, passage: Passage) -> str | None:
    mine = select(Receipt.role).where(
        Receipt.passage_id == passage.id, Receipt.person_id == work.principal.person_id
    )
    return work.session.execute(mine).scalar()
