"""The page on which a user and the records of a bulk partner are chosen by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.access.principal import Principal
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web


@pytest.mark.clause("PF-7/Bulk Partner.1")
def test_both_are_found_by_name_and_only_ids_go_on(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    others = [records.person(LEEDS, "partner", name=f"Number {number:02}") for number in range(40)]
    elsewhere = records.person("pdu-N55BAS", "partner", name="Number 07 Elsewhere")
    browser = web(cast.cpc)
    asked = browser.fill("/bulk-partner", **{"person_id-find": "number 07", "_find": "person_id"})
    assert str(others[7].person_id) in asked.text
    assert str(others[8].person_id) not in asked.text
    assert str(elsewhere.person_id) not in asked.text, "found are those of one's own area"
    chosen = browser.fill("/bulk-partner", **{"person_id-find": "Number 07", "unit": LEEDS})
    assert chosen.headers["Location"] == (
        f"/records/bulk-partner/preview?person_id={others[7].person_id}&unit={LEEDS}"
    )
    for wrong in (
        {"person_id-find": "Number 07"},
        {"person_id-find": "Number 07", "unit": LEEDS, "template_id-find": "Number 08"},
        {"person_id-find": "number", "unit": LEEDS},
        {"person_id-find": "Nobody", "unit": LEEDS},
        {"unit": LEEDS},
    ):
        assert browser.fill("/bulk-partner", **wrong).status_code == 422, wrong
    assert web(cast.manager).get("/bulk-partner").status_code == 403
