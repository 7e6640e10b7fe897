"""The minimal lines of nominals, asked of records in one batch: this service stores no name."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx

from shared.runtime import Runtime

CARDS, HTTP = "cards", "http"
PATH = "/records/api/cards"
MOST = 200
AWAY = "A nominal record (records cannot be reached)"
HIDDEN = "A nominal record that you may not see"
_log = logging.getLogger(__name__)


class CardsAway(Exception):
    """Records cannot be asked now: pages show bare references."""


@dataclass(frozen=True, slots=True)
class NominalCard:
    """What a list may say of a nominal; without `name`, `visor_number` is a bare reference in words."""

    visor_number: str
    name: str | None = None
    year_of_birth: int | None = None
    unit: str | None = None
    href: str | None = None


class Cards(Protocol):
    """`runtime.extras["cards"]`: asks with the reader's own access token. Raises CardsAway."""

    def fetch(self, refs: Sequence[UUID], credential: str) -> Mapping[UUID, NominalCard]: ...


@dataclass(frozen=True)
class HttpCards:
    """Cards over HTTP; `http` has the address of records."""

    http: httpx.Client

    def fetch(self, refs: Sequence[UUID], credential: str) -> Mapping[UUID, NominalCard]:
        found: dict[UUID, NominalCard] = {}
        for start in range(0, len(refs), MOST):
            found |= self._batch(refs[start : start + MOST], credential)
        return found

    def _batch(self, refs: Sequence[UUID], credential: str) -> dict[UUID, NominalCard]:
        body = {"nominal_ids": [str(ref) for ref in refs]}
        try:
            answer = self.http.post(PATH, json=body, headers={"Authorization": f"Bearer {credential}"})
            answer.raise_for_status()
            rows: list[dict[str, Any]] = answer.json()["cards"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise CardsAway(type(error).__name__) from error
        return {UUID(row["nominal_id"]): _card(row) for row in rows if row.get("nominal_id")}


def lines(runtime: Runtime, refs: Iterable[UUID | None], credential: str | None) -> dict[UUID, NominalCard]:
    """A card for every reference: what the reader may not see, or records cannot answer, is a bare reference."""
    wanted = list(dict.fromkeys(ref for ref in refs if ref is not None))
    if not wanted:
        return {}
    try:
        found = _asked(runtime, wanted, credential)
    except CardsAway as away:
        _log.info("cards cannot be fetched: %s", away)
        return {ref: NominalCard(AWAY) for ref in wanted}
    return {ref: found.get(ref, NominalCard(HIDDEN)) for ref in wanted}


def _asked(runtime: Runtime, refs: Sequence[UUID], credential: str | None) -> Mapping[UUID, NominalCard]:
    source = _source(runtime)
    if source is None or credential is None:
        raise CardsAway("nobody to ask")
    return source.fetch(refs, credential)


def _source(runtime: Runtime) -> Cards | None:
    known: Cards | None = runtime.extras.get(CARDS)
    clients: Mapping[str, httpx.Client] = runtime.extras.get(HTTP, {})
    return known or (HttpCards(clients["records"]) if "records" in clients else None)


def _card(row: Mapping[str, Any]) -> NominalCard:
    return NominalCard(
        visor_number=row.get("visor_number") or HIDDEN,
        name=row.get("name"),
        year_of_birth=row.get("year_of_birth"),
        unit=row.get("owner_name"),
        href=f"/records/nominals/{row['nominal_id']}",
    )
