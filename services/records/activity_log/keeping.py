"""The log in whole-record acts. A merge may find that both records had the same review, or asked once for the same."""

from __future__ import annotations

from services.records.activity_log.models import TEXT, TO_INFORM, Entry, Need, Review
from services.records.activity_log.needs import REASON
from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion

keep(Entry, sealed={"text": TEXT, "to_inform": TO_INFORM})
keep(Review, alike=("completed_on",))
keep(Need, sealed={"reason": REASON})
occasion(
    "records.review.completed",
    Review.id,
    Nominal.managing_unit,
    Review.entry_id.is_(None),
    join=(Nominal, Nominal.id == Review.nominal_id),
)
