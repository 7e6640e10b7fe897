"""Whoever is received and on no record by their prison number is searched for on the same day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.access.principal import Principal
from tests.servers.records import PRISON, World
from tests.services.records.conftest import Cast, Web, refusal, told
from tests.services.records.test_custody_messages import hear, message

UNMATCHED, SEARCHED = "records.reception.unmatched", "records.reception.searched"
PNC = "2002/0073319Z"


@pytest.mark.clause("PF-5.12.2")
def test_a_reception_on_no_record_is_to_be_searched_and_the_search_settles_it(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    assert hear(records, message(nomsNumber="A9999ZZ"))["outcome"] == "no_record"
    hear(records, message(nomsNumber="A9999ZZ"))
    [(data, _)] = records.events(UNMATCHED)
    assert (data["prison"], data["jurisdiction"]) == (PRISON, "ENG")
    assert told(records, UNMATCHED) == [("prison_administrator", "Petra Prison")]
    assert "A9999ZZ" in web(cast.prison).get("/reception/waiting").text
    elsewhere = records.person("prison-WSI", "partner")
    for who, number in ((cast.prison, "A1111AA"), (elsewhere, "A9999ZZ"), (cast.manager, "A9999ZZ")):
        records.ask("reception.search", who, pnc=PNC, noms=number)
    assert records.events(SEARCHED) == []
    records.ask("reception.search", cast.prison, pnc=PNC, noms="A9999ZZ")
    records.ask("reception.search", cast.colleague, pnc=PNC, noms="A9999ZZ")
    assert [one["reception_id"] for one, _ in records.events(SEARCHED)] == [data["reception_id"]]
    assert "Everybody received was searched for" in web(cast.prison).get("/reception/waiting").text


def test_who_is_on_a_record_is_found_by_the_feed_itself(records: World, cast: Cast) -> None:
    assert hear(records, message())["outcome"] == "taken"
    assert records.events(UNMATCHED) == []
    assert refusal(records, "reception.waiting", cast.manager).code == "R32"
