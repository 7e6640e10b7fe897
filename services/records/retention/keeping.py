"""Reviews in whole-record acts: when the merged record is reviewed is found from what it then says."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion
from services.records.retention.models import BASIS, REASON, RetentionDate, RetentionReview

keep(RetentionDate, sealed={"basis": BASIS}, merge=lambda _work, _gone, _into: 0, moves=False)
keep(
    RetentionReview,
    sealed={"reason": REASON},
    alike=("outcome",),
    among=lambda table: table.outcome.is_(None),
)
occasion(
    "records.retention.due",
    RetentionReview.id,
    Nominal.owner_unit,
    RetentionReview.outcome.is_(None),
    join=(Nominal, Nominal.id == RetentionReview.nominal_id),
)
