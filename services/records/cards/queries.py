"""Cards, asked for in one batch with the reader's own access token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.cards.schemas import CardsAnswer, CardsInput
from services.records.search.finding import lines
from services.records.search.queries import may_search
from services.records.service import service
from shared.work import Work


@service.query("cards.read", path="/cards", input=CardsInput, answer=CardsAnswer, method="POST")
def cards(work: Work, *, nominal_ids: list[UUID]) -> dict[str, Any]:
    """The minimal line of each of these nominals that the reader may know of."""
    may_search(work)
    found = lines(work.session, work.principal, list(dict.fromkeys(nominal_ids)))
    shown = [line for line in found if line.nominal_id is not None]
    work.concerns(nominals=[line.nominal_id for line in shown])
    return {"cards": shown}
