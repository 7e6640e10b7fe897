"""Partners and requests in whole-record acts: nobody is partner twice, no unit has two requests open."""

from __future__ import annotations

from services.records.access.models import Partnership
from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion
from services.records.partnership.commands import ANSWER, REASON
from services.records.partnership.models import Draft, Request
from services.records.partnership.partners import END_REASON

PRISON_SERVICE = "prison-service"

keep(
    Partnership,
    sealed={"reason": REASON, "end_reason": END_REASON},
    alike=("person_id",),
    among=lambda table: table.ended_at.is_(None),
)
keep(
    Request,
    sealed={"reason": REASON, "answer": ANSWER},
    alike=("requesting_unit",),
    among=lambda table: table.state == "requested",
)
keep(
    Draft,
    sealed={"answer": ANSWER},
    alike=("unit", "kind"),
    among=lambda table: table.state == "open",
)
occasion(
    "records.partnership.requested",
    Request.id,
    Nominal.owner_unit,
    Request.state == "requested",
    join=(Nominal, Nominal.id == Request.nominal_id),
)
# Only a prison keeps a watch on what it asked for (`commands.request`, D-09).
occasion(
    "records.partnership.pending",
    Request.id,
    Request.requesting_unit,
    Request.state == "requested",
    Request.requesting_agency == PRISON_SERVICE,
)
occasion(
    "records.partnership.removal_drafted",
    Draft.id,
    Draft.unit,
    Draft.kind == "removal",
    Draft.state == "open",
)
