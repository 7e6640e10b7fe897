"""One version in one unit, from its publishing until everybody there has signed it (PF-4.16/D.1, D-35).

Notifications keeps the clock: it reminds whoever has not signed, and tells the CPC. Here is said when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from services.identity.documents.models import Document, DocumentVersion, Signing
from services.identity.documents.signed import has_signed, signatories
from services.identity.people.models import Person
from services.identity.service import service
from shared.events.identity.documents import DOCUMENT_ALL_SIGNED, DOCUMENT_REPLACED
from shared.events.registry import EventKind
from shared.ids import derived_id
from shared.work import Work

_SWEPT = "documents.signings_swept"
# Whoever moves, leaves or is suspended need not sign there; a signature itself counts at once.
_EVERY = timedelta(minutes=1)


def begin_signing(work: Work, document: Document, version: DocumentVersion, unit: str) -> UUID:
    """What is only acknowledged has no clock, and so nothing that ends."""
    signing_id = derived_id("document signing", version.id, unit)
    if document.signature == "required":
        work.session.add(Signing(id=signing_id, version_id=version.id, unit=unit, told_at=work.system_now))
    return signing_id


def replace_signings(work: Work, document: Document) -> None:
    """A newer version is signed in the place of those that are still open."""
    for signing in _open(work, document.code, wait=True):
        _settle(work, signing, DOCUMENT_REPLACED)


def settle_if_all_signed(work: Work, version: DocumentVersion, unit: str) -> None:
    """After a signature. Of two who sign last at one moment neither sees the other: then the next sweep settles it."""
    work.session.flush()
    document = work.session.get_one(Document, version.document)
    _settle_all(work, _open(work, document.code, Signing.unit == unit, _everybody_signed(document)))


@service.each_tick
def settle_signings(work: Work) -> int:
    """Once a minute, since people also leave, move and are suspended."""
    at = work.runtime.extras.get(_SWEPT)
    if at is not None and work.system_now - at < _EVERY:
        return 0
    work.runtime.extras[_SWEPT] = work.system_now
    documents = select(Document).join(DocumentVersion).join(Signing).where(Signing.settled_at.is_(None))
    found = work.session.execute(documents.distinct()).scalars().all()
    done = [one for document in found for one in _open(work, document.code, _everybody_signed(document))]
    return _settle_all(work, done)


def _open(work: Work, document: str, *asked: ColumnElement[bool], wait: bool = False) -> list[Signing]:
    """Locked; what another has locked is left to it, unless one is to `wait`."""
    query = (
        select(Signing)
        .join(DocumentVersion, DocumentVersion.id == Signing.version_id)
        .where(DocumentVersion.document == document, Signing.settled_at.is_(None), *asked)
    )
    locked = query.order_by(Signing.id).with_for_update(of=Signing, skip_locked=not wait)
    return list(work.session.execute(locked).scalars())


def _everybody_signed(document: Document) -> ColumnElement[bool]:
    """Over `Signing`. Somebody who joined later has a grace of their own (R07), and is not waited for."""
    waits = exists(
        select(Person.id)
        .where(
            Person.unit == Signing.unit,
            Person.created_at <= Signing.told_at,
            signatories(document),
            ~has_signed(Signing.version_id),
        )
        .correlate(Signing)
    )
    return ~waits


def _settle_all(work: Work, done: Sequence[Signing]) -> int:
    for signing in done:
        _settle(work, signing, DOCUMENT_ALL_SIGNED)
    return len(done)


def _settle(work: Work, signing: Signing, kind: EventKind) -> None:
    signing.settled_at = work.system_now
    work.emit(kind, {"signing_id": signing.id}, aggregate=("document_signing", signing.id))
