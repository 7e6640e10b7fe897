"""Which deadline a referral brings, and beginning it: at registration, or when a date or the switch comes later."""

from __future__ import annotations

from services.records.access.concerned import holding
from services.records.referrals.models import AreaStaffing, Referral
from services.records.referrals.rules import Duty, Practice, Registration, duty_of
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.events.records.referrals import REFERRAL_DUE
from shared.work import Concerned, Work

TASKED = "tasked_with_creation"
# The duties that a registration itself brings; the others are a fact of their own, which may come later.
AT_REGISTRATION = ("D-01", "D-04")


def registration_of(referral: Referral) -> Registration:
    return Registration(
        referral.category,
        referral.level,
        referral.statutory_supervision,
        referral.jurisdiction,
        referral.registered_on,
        referral.release_on,
        referral.sentenced_on,
    )


def practice_of(work: Work, owner_unit: str) -> Practice:
    """The area's switch and what national policy says today."""
    switch = work.session.get(AreaStaffing, owner_unit)
    return Practice(
        staffed=switch is not None and switch.sufficient and switch.from_day <= work.today,
        level_1_recorded=work.policy.flag("creation.category_2_level_1", work.today),
        window_months=work.policy.period("creation.level_1_window_opens", work.today).amount,
    )


def duty_now(work: Work, referral: Referral, practice: Practice | None = None) -> Duty:
    return duty_of(registration_of(referral), practice or practice_of(work, referral.owner_unit), work.today)


def begin(work: Work, referral: Referral, duty: Duty) -> bool:
    """Start the deadline that the registration itself does not, once; returns whether there was one to start."""
    if referral.duty is not None or duty.code is None:
        return False
    referral.duty = duty.code
    if duty.code in AT_REGISTRATION:
        return False
    data = {
        "referral_id": referral.id,
        "duty": duty.code,
        "counts_from": duty.counts_from,
        "unit": referral.unit,
        "jurisdiction": referral.jurisdiction,
    }
    to = tasked(work, referral.unit, referral.owner_unit)
    work.emit(REFERRAL_DUE, data, aggregate=("referral", referral.id), to=to)
    return True


def tasked(work: Work, unit: str, owner_unit: str) -> list[Concerned]:
    """The administrators of the unit tasked with creation (D-01: they are reminded), in all units of a whole area.

    Only probation has that task by name; elsewhere it is whoever holds the create token there (PF-4.10.1).
    """
    owner = read_model.unit(work.session, owner_unit)
    agency = owner.agency if owner else work.principal.agency
    units = read_model.below(work.session, unit) if unit == owner_unit else frozenset([unit])
    cards = _holders(work, TASKED, units)
    if not cards and owner is not None and owner.kind != "mappa_area":
        cards = _holders(work, "create", units)
    return holding(cards, TASKED, unit, agency)


def _holders(work: Work, name: str, units: frozenset[str]) -> list[PersonCard]:
    found = [card for unit in sorted(units) for card in read_model.holders(work.session, name, unit)]
    return list({card.id: card for card in found}.values())
