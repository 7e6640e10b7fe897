"""What comes of a step: refusals are raised after the attempt itself has been written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from services.identity.terminals.device_keys import CopiedKey
from services.identity.terminals.locating import Origin, Place, locate
from shared.access.principal import Principal, anonymous
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.work import About, Work


class StartAgain(Exception):
    """The sign-in that was begun is over: too late, or too many wrong codes."""


def located(work: Work, origin: Origin) -> Place:
    """Raises CopiedKey, for `copies_stopped` around the unit of work."""
    place = locate(work.session, origin, work.system_now, demonstration=work.runtime.demonstration)
    if place.copied is not None:
        raise CopiedKey(place.copied)
    return place


def nobody_at(place: Place | None) -> Principal:
    """Nobody has signed in, but the audit knows from which terminal they try."""
    return replace(anonymous(), terminal=place.terminal_tag if place else None)


def note_refusal(work: Work, action: str, refusal: Refusal, person_id: UUID | None, place: Place) -> None:
    """The audit entry of a failed attempt; a user name that nobody has is not kept."""
    facts = {"network": place.network.building if place.network else "not registered"}
    subject = "person" if person_id else None
    work.audit(action, About(subject, person_id, facts=facts), outcome="refused", refusal_code=refusal.code)


def refuse(
    runtime: Runtime,
    action: str,
    refusal: Refusal,
    place: Place,
    person_id: UUID | None = None,
    also: Callable[[Work], None] = lambda _work: None,
) -> Refusal:
    """Write the attempt, its audit entry and whatever else belongs to it, in a transaction of its own."""
    with runtime.work(nobody_at(place), action) as work:
        also(work)
        note_refusal(work, action, refusal, person_id, place)
    return refusal
