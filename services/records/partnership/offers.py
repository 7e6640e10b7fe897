"""A prison that is not partner is offered it anew when the level is set (PSI-5.3): usually long before release."""

from __future__ import annotations

from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.access.told import somebody_partnered
from services.records.nominals.followed import after_level
from services.records.partnership.removals import ADMINISTRATOR, PRISON_SERVICE
from shared.directory import read_model
from shared.events.records.partnership import PARTNERSHIP_OFFERED
from shared.ids import new_id
from shared.work import Work


@after_level
def offer(work: Work, record: Record) -> None:
    """An item without a date: the seven days count from the reception alone (C-09)."""
    prison = record.custody_prison
    if prison is None or somebody_partnered(work.session, record.id, prison):
        return
    cards = read_model.holders(work.session, ADMINISTRATOR, prison)
    data = {"offer_id": new_id(), "nominal_id": record.id, "prison": prison}
    to = holding(cards, ADMINISTRATOR, prison, PRISON_SERVICE)
    work.emit(PARTNERSHIP_OFFERED, data, aggregate=("nominal", record.id), to=to)
