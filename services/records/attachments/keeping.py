"""Attachments in whole-record acts: everything goes with the nominal, and a merge gives it to the other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, tuple_, update

from services.records.attachments.models import (
    MASKED,
    REASON,
    SHOWN_FOR,
    VALUES,
    Entry,
    NothingKnown,
    Reveal,
    Version,
)
from services.records.nominals.keepers import keep
from shared.work import Work


def _merge_entries(work: Work, gone: UUID, into: UUID) -> int:
    """All go over. What there can be once may be there twice then: one loses its place."""
    held = select(Entry.folder, Entry.slot).where(
        Entry.nominal_id == into, Entry.slot.is_not(None), Entry.state == "current"
    )
    twice = (Entry.nominal_id == gone) & tuple_(Entry.folder, Entry.slot).in_(held)
    quietly = {"synchronize_session": False}
    work.session.execute(update(Entry).where(twice).values(slot=None), execution_options=quietly)
    moved = update(Entry).where(Entry.nominal_id == gone).values(nominal_id=into).returning(Entry.id)
    return len(work.session.execute(moved, execution_options=quietly).all())


keep(Entry, merge=_merge_entries)
keep(Version, sealed={"open_values": VALUES, "masked_values": MASKED, "reason": REASON})
keep(NothingKnown, alike=("folder", "agency"))
keep(Reveal, sealed={"reason": SHOWN_FOR})
