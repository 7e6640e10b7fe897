"""Which duties may be begun by hand, and where."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.deadlines.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of a page: `path` follows the page of the nominal's deadlines, or of the area's."""

    text: str
    path: str
    clause: str


# What tells the kinds of one duty apart, in words.
VARIANTS = {
    "subject_access": "subject access request",
    "freedom_of_information": "freedom of information request",
    "initial": "first notification",
    "change": "change of details",
    "periodic": "yearly notification",
    "no_fixed_abode": "weekly, no fixed abode",
}


def offers(*, nominal: bool) -> tuple[Offer, ...]:
    """Those about one nominal, or those about the unit itself."""
    found = []
    for entry in catalogue().values():
        hand = entry.by_hand
        if not entry.runs or hand is None or not hand.begins or hand.nominal is not nominal:
            continue
        kind = ("moments" if hand.moment else "days") if nominal else "occasions"
        for variant in entry.variants or ("",):
            duty = f"{entry.code}.{variant}" if variant else entry.code
            words = f"{entry.duty}: {VARIANTS[variant]}" if variant else entry.duty
            found.append(Offer(words, f"{kind}/{duty}/new", entry.clause))
    return tuple(found)
