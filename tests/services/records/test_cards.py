"""The minimal lines that notifications' pages ask for, with the reader's own access token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web, refusal


def test_cards_are_minimal_lines_in_the_order_asked_for(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    second = records.nominal(surname="Second")
    asked = [str(second), str(cast.nominal), str(second), str(new_id())]
    answer = web(cast.prison).send("/cards", {"nominal_ids": asked})
    assert answer.status_code == 200
    cards = answer.json()["cards"]
    assert [card["nominal_id"] for card in cards] == [str(second), str(cast.nominal)]
    assert set(cards[0]) == {
        *("nominal_id", "visor_number", "name", "year_of_birth", "owner_unit", "owner_name"),
        *("archived", "limited", "cpc", "why"),
    }
    assert records.audit() == [("cards.read", "viewed", None)]


@pytest.mark.clause("PF-4.16l.2")
def test_what_the_reader_may_not_see_is_left_out(records: World, cast: Cast) -> None:
    limited = records.nominal(surname="Hidden", limited_access=True)
    both = [limited, cast.nominal]
    shown = records.ask("cards.read", cast.prison, nominal_ids=[str(one) for one in both])["cards"]
    assert [card.nominal_id for card in shown] == [cast.nominal]
    shown = records.ask("cards.read", cast.cpc, nominal_ids=[str(one) for one in both])["cards"]
    assert [card.nominal_id for card in shown] == both


def test_admin_reads_no_card(records: World, cast: Cast) -> None:
    refused = refusal(records, "cards.read", cast.admin, nominal_ids=[str(cast.nominal)])
    assert refused.code == "R11"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nominal_ids": None},
        {"nominal_ids": "all"},
        {"nominal_ids": ["x"]},
        {"nominal_ids": [None]},
        {"nominal_ids": [str(new_id()) for _ in range(201)]},
        {"nominal_ids": [], "surprise": 1},
    ],
)
def test_bad_batches_are_refused(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any]
) -> None:
    assert web(cast.prison).send("/cards", body).status_code == 422


def test_an_empty_batch_is_answered(records: World, cast: Cast) -> None:
    assert records.ask("cards.read", cast.prison, nominal_ids=[]) == {"cards": []}
