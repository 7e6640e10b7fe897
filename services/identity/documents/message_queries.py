"""The messages on documents: one with its receipts, and those that one sent or got."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from services.identity.documents.message_rules import may_pass_on
from services.identity.documents.messages import is_sender
from services.identity.documents.models import (
    Document,
    DocumentMessage,
    DocumentVersion,
    Passage,
    Receipt,
)
from services.identity.documents.schemas import MessageAnswer, MessagesAnswer
from services.identity.people.cards import Card, cards
from services.identity.people.models import Person, Unit
from services.identity.service import service
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

_LATEST = 100


@service.query(
    "documents.messages",
    path="/documents/messages",
    input=Nothing,
    answer=MessagesAnswer,
    page=Page("Messages on documents", "documents/messages.html"),
)
def messages(work: Work) -> dict[str, Any]:
    """Those that one received, and a CPC's own; the latest first, with how many have read them."""
    areas = work.principal.units_with("cpc") | work.principal.deputy_for
    mine = (
        select(Passage.message_id)
        .join(Receipt, Receipt.passage_id == Passage.id)
        .where(Receipt.person_id == work.principal.person_id)
    )
    found = (
        select(
            DocumentMessage,
            DocumentVersion.version,
            Document.title,
            Unit.name,
            func.count(Receipt.id),
            func.count(Receipt.read_at),
        )
        .join(DocumentVersion, DocumentVersion.id == DocumentMessage.version_id)
        .join(Document, Document.code == DocumentVersion.document)
        .join(Unit, Unit.code == DocumentMessage.unit)
        .outerjoin(Passage, Passage.message_id == DocumentMessage.id)
        .outerjoin(Receipt, Receipt.passage_id == Passage.id)
        .where(or_(DocumentMessage.unit.in_(areas), DocumentMessage.id.in_(mine)))
        .group_by(DocumentMessage.id, DocumentVersion.version, Document.title, Unit.name)
        .order_by(DocumentMessage.sent_at.desc())
        .limit(_LATEST)
    )
    lines = [
        {
            "id": message.id,
            "title": title,
            "version": version,
            "unit_name": unit,
            "sent_at": message.sent_at,
            "sent_to": sent,
            "read_by": read,
        }
        for message, version, title, unit, sent, read in work.session.execute(found)
    ]
    work.concerns(count=len(lines))
    return {"messages": lines, "may_send": bool(areas)}


@service.query(
    "documents.message",
    path="/documents/messages/<uuid:message_id>",
    input=Nothing,
    answer=MessageAnswer,
    page=Page("Message on a document", "documents/message.html"),
)
def message(work: Work, *, message_id: UUID) -> dict[str, Any]:
    """The CPC sees every receipt; who passes it on, those of their unit; everybody else only their own."""
    found = work.session.get(DocumentMessage, message_id)
    if found is None:
        raise NotFound
    work.concerns(subject=("document_message", message_id))
    whole = is_sender(work, found)
    mine = _mine(work, message_id)
    if not (whole or mine):
        raise NotFound
    version = work.session.get_one(DocumentVersion, found.version_id)
    document = work.session.get_one(Document, version.document)
    passages = _passages(work, found, mine, whole=whole)
    return {
        "id": found.id,
        "document": document.code,
        "title": document.title,
        "version": version.version,
        "text": found.text,
        "sender": cards(work.session, [work.session.get_one(Person, found.sent_by)])[0],
        "sent_at": found.sent_at,
        "passages": passages,
        "unread": any(receipt.read_at is None for receipt in mine.values()),
        "receipt_shown": bool(mine),
    }


def _mine(work: Work, message_id: UUID) -> dict[UUID, Receipt]:
    """One's own receipts by passage."""
    found = (
        select(Receipt)
        .join(Passage, Passage.id == Receipt.passage_id)
        .where(Passage.message_id == message_id, Receipt.person_id == work.principal.person_id)
    )
    return {receipt.passage_id: receipt for receipt in work.session.execute(found).scalars()}


def _passages(
    work: Work, found: DocumentMessage, mine: dict[UUID, Receipt], *, whole: bool
) -> list[dict[str, Any]]:
    rows = select(Passage, Unit.name).join(Unit, Unit.code == Passage.unit)
    rows = rows.where(Passage.message_id == found.id).order_by(Unit.name)
    shown = [
        (passage, unit)
        for passage, unit in work.session.execute(rows)
        if whole or (passage.id in mine and mine[passage.id].role != "user")
    ]
    receipts, people = _receipts(work, [passage for passage, _ in shown])
    return [
        {
            "id": passage.id,
            "unit": passage.unit,
            "unit_name": unit,
            "passed_on_at": passage.passed_on_at,
            "passed_on_by": people.get(passage.passed_on_by),
            "sent_to": len(receipts[passage.id]),
            "read_by": sum(receipt.read_at is not None for receipt in receipts[passage.id]),
            "receipts": [
                {"person": people[one.person_id], "role": one.role, "read_at": one.read_at}
                for one in receipts[passage.id]
            ],
            "may_pass_on": may_pass_on(
                received_as=mine[passage.id].role if passage.id in mine else None,
                is_cpc=whole,
                passed_on=passage.passed_on_at is not None,
            )
            and any(one.role != "user" for one in receipts[passage.id]),
        }
        for passage, unit in shown
    ]


def _receipts(
    work: Work, passages: list[Passage]
) -> tuple[dict[UUID, list[Receipt]], dict[UUID | None, Card]]:
    """By passage, who has not read it first; and the cards of everybody in them."""
    ids = [passage.id for passage in passages]
    found = (
        select(Receipt).where(Receipt.passage_id.in_(ids)).order_by(Receipt.read_at.nulls_first(), Receipt.id)
    )
    receipts: dict[UUID, list[Receipt]] = defaultdict(list)
    for receipt in work.session.execute(found).scalars():
        receipts[receipt.passage_id].append(receipt)
    wanted = {one.person_id for rows in receipts.values() for one in rows}
    wanted |= {passage.passed_on_by for passage in passages if passage.passed_on_by}
    people = work.session.execute(select(Person).where(Person.id.in_(wanted))).scalars()
    return receipts, {card.id: card for card in cards(work.session, people)}
