"""What the national search is made by, why it says that somebody was found, and what keeps it from fishing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.search.known import Kind, know
from services.records.search.limits import ACTION
from shared.access.principal import Principal
from shared.audit.tables import NAMES
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from tests.page_checks import check_page
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import Web


@pytest.fixture
def searcher(records: World) -> Principal:
    return records.person(PRISON, "partner")


def search(world: World, who: Principal, **wanted: Any) -> list[tuple[str | None, list[str]]]:
    return [(line.name, line.why) for line in world.ask(ACTION, who, **wanted).results]


def learn(world: World, nominal: UUID, *entries: tuple[Kind, str]) -> None:
    with world.runtime.system_work("test") as work:
        know(work, nominal, new_id(), entries)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"telephone": "+44 7700 900123"}, "same telephone number"),
        ({"telephone": "900123"}, "telephone number with the same last 6 digits"),
        ({"vehicle": "ab12cde"}, "same vehicle registration"),
        ({"vehicle": "AB12"}, "vehicle registration that begins so"),
        ({"address": "LS6 1AB"}, "same postcode"),
        ({"address": "12 Acacia Ave, Leeds"}, "same house number, street and place"),
        ({"surname": "Sampelton", "forename": "Dazza"}, "surname spelt nearly the same"),
        ({"surname": "Samplton"}, "surname spelt nearly the same (a name noted on the record)"),
    ],
)
def test_by_what_entries_know(records: World, searcher: Principal, wanted: dict[str, str], why: str) -> None:
    nominal = records.nominal()
    records.nominal(surname="Other")
    learn(
        records,
        nominal,
        ("telephone", "07700 900123"),
        ("vehicle", "AB12 CDE"),
        ("address", "12 Acacia Avenue, Leeds LS6 1AB"),
        ("name", "Daz Sampleton"),
    )
    [(name, reasons)] = search(records, searcher, **wanted)
    assert name == "Darren Alan Example"
    assert any(one.startswith(why) for one in reasons)


def test_two_things_known_say_more_than_one(records: World, searcher: Principal) -> None:
    """And what is spread over two addresses is no address."""
    for surname, telephone, address in (
        ("One", "07700 900123", "12 Acacia Avenue, Leeds"),
        ("Two", "07700 900123", "9 Other Street, York"),
        ("Three", "07700 900999", "12 Acacia Avenue, Leeds"),
    ):
        learn(records, records.nominal(surname=surname), ("telephone", telephone), ("address", address))
    spread = records.nominal(surname="Spread")
    learn(records, spread, ("address", "12 Acacia Road"), ("address", "3 Cherry Lane, Leeds"))
    found = search(records, searcher, telephone="07700900123", address="Acacia, Leeds")
    assert [name for name, _ in found] == ["Darren Alan One", "Darren Alan Two", "Darren Alan Three"]
    assert found[0][1] == ["same telephone number", "same street and place"]


@pytest.mark.clause("PF-7/Partner token.1")
@pytest.mark.parametrize(
    ("born", "wanted", "why"),
    [
        (date(1979, 4, 3), {"date_of_birth": date(1979, 3, 4)}, "date of birth with day and month swapped"),
        (date(1979, 4, 3), {"year_of_birth": 1979, "surname": "Exampel"}, "same year of birth"),
        (
            date(1979, 4, 3),
            {"year_of_birth": 1979, "month_of_birth": 4, "surname": "Eksample"},
            "same month and year of birth",
        ),
        (
            date(1979, 4, 3),
            {"date_of_birth": date(1979, 4, 8), "surname": "Example"},
            "date of birth with one digit different",
        ),
    ],
)
def test_by_birth_whole_in_part_or_turned_round(
    records: World, searcher: Principal, born: date, wanted: dict[str, Any], why: str
) -> None:
    records.nominal(date_of_birth=born)
    [(_, reasons)] = search(records, searcher, **wanted)
    assert why in reasons


def test_the_part_of_a_date_ranks(records: World, searcher: Principal) -> None:
    for year, month in ((1979, 4), (1979, 9), (1991, 4)):
        records.nominal(forenames=f"Y{year}M{month}", date_of_birth=date(year, month, 1))
    found = search(records, searcher, surname="Example", year_of_birth=1979, month_of_birth=9)
    assert [name for name, _ in found] == ["Y1979M9 Example", "Y1979M4 Example", "Y1991M4 Example"]


def test_a_sound_alike_and_an_alias_say_so(records: World, searcher: Principal) -> None:
    records.nominal(surname="Schmidt", forenames="Karl", aliases=("Carl Sharpe",))
    [(_, sounds)] = search(records, searcher, surname="Shmitt", forename="Carl")
    assert sounds == ["surname sounds alike", "forename spelt nearly the same"]
    [(_, alias)] = search(records, searcher, surname="Sharpe", forename="Carl")
    assert alias == ["same name (an alias)"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"telephone": "12345"}, "telephone"),
        ({"vehicle": "?"}, "vehicle"),
        ({"address": "Leeds"}, "address"),
        ({"surname": "Ng"}, "surname"),
        ({"month_of_birth": 4, "surname": "Example"}, "year_of_birth"),
        ({"surname": "Example", "page": 5}, "page"),
    ],
)
def test_what_says_too_little_is_said_at_its_field(
    records: World, searcher: Principal, wanted: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        records.ask(ACTION, searcher, **wanted)
    assert wrong.value.errors.keys() == {field}


def test_page_after_page_each_once(records: World, searcher: Principal) -> None:
    for number in range(53):
        records.nominal(forenames=f"John N{number}", surname="Smith")
    first = records.ask(ACTION, searcher, surname="Smith")
    second = records.ask(ACTION, searcher, surname="Smith", page=2)
    assert (len(first.results), first.more, len(second.results), second.more) == (50, True, 3, False)
    assert len({line.nominal_id for line in [*first.results, *second.results]}) == 53


def test_of_those_who_are_equally_near_the_oldest_come_first_on_page_after_page(
    records: World, searcher: Principal
) -> None:
    """Only who can stand on the page is looked at in full, and all who are as near as its last are among them."""
    born = [date(1960, 1, 1) + timedelta(days=137 * (number * 47 % 120)) for number in range(120)]
    for day in born:
        records.nominal(forenames="John", surname="Smith", date_of_birth=day)
    near = records.nominal(forenames="John", surname="Smyth", date_of_birth=date(1950, 1, 1))
    found = [
        line
        for page in (1, 2, 3)
        for line in records.ask(ACTION, searcher, surname="Smith", page=page).results
    ]
    assert [line.year_of_birth for line in found] == [*sorted(day.year for day in born), 1950]
    assert [line.nominal_id for line in found].index(near) == 120
    assert len({line.nominal_id for line in found}) == 121


@pytest.mark.clause("PF-7/Partner token.1")
def test_the_next_page_is_posted_with_all_that_was_typed(
    records: World, searcher: Principal, web: Callable[[Principal], Web]
) -> None:
    """As far as policy shows the pages of one search: four of them."""
    for number in range(203):
        records.nominal(forenames=f"John N{number}", surname="Smith")
    browser = web(searcher)
    first = browser.fill("/search", surname="Smith", year_of_birth="1979")
    assert "Records 1 to 50" in first.text
    assert "<title>Search nominals – ViSOR" in first.text
    second = browser.http.post("/records/search", data=next_page(first.text))
    check_page(second.text, "/search")
    assert "Records 51 to 100" in second.text
    assert "<title>Search nominals, page 2 – ViSOR" in second.text
    assert "Looked for: surname Smith, year of birth 1979." in second.text
    assert "There are more. Say more" in second.text
    assert 'value="Smith"' in second.text
    assert "Smith" not in str(second.url)
    last = browser.http.post("/records/search", data={**next_page(second.text), "page": "4"})
    assert "Records 151 to 200" in last.text
    assert "as many as can be shown of one search" in last.text
    assert "Next page" not in last.text
    assert "Previous page" in last.text
    assert records.ask(ACTION, searcher, surname="Smith", page=4).more


def next_page(text: str) -> dict[str, str]:
    """What the only form with a button for a page would send when that is pressed."""
    [form] = [one for one in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'name="page"' in one]
    assert 'method="post"' in form
    assert "action=" not in form
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return dict(hidden) | dict(re.findall(r'<button[^>]* name="(page)" value="(\d+)">Next', form))


def searched(world: World, who: Principal, times: int) -> None:
    """As if this person had searched so often just now."""
    statement = f"INSERT INTO {NAMES[0]} SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid()))).* FROM {NAMES[0]} a, generate_series(1, {times}) WHERE a.actor = '{who.person_id}'"
    with world.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.clause("PF-4.16a.2")
def test_many_searches_are_told_to_the_cpc_above_and_too_many_refused(records: World) -> None:
    cpc = records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    who = records.person(LEEDS, "partner")
    records.nominal()
    records.ask(ACTION, who, surname="Example")
    searched(records, who, 58)
    records.ask(ACTION, who, surname="Example")
    [(data, [copy])] = records.events("records.search.often")
    assert (data["searches"], data["refused"], data["person_id"]) == (60, False, str(who.person_id))
    assert copy["people"] == [{"person_id": str(cpc.person_id), "as": "cpc", "unit": LEEDS}]
    searched(records, who, 2)
    with pytest.raises(Refusal) as refused:
        records.ask(ACTION, who, surname="Example")
    assert refused.value.code == "R48"
    assert "150 times in 1 hour" in refused.value.message
    assert "Colin Cpc" in refused.value.message
    assert records.events("records.search.often")[-1][0]["refused"]
    records.ask(ACTION, records.person(LEEDS, "partner"), surname="Example")
    records.later(hours=1, seconds=1)
    assert search(records, who, surname="Example")


def test_what_each_search_said_is_sealed_in_the_audit(records: World, searcher: Principal) -> None:
    records.nominal()
    records.ask(ACTION, searcher, surname="Exampel", telephone="07700 900123", date_of_birth=date(1979, 4, 3))
    [(private, facts)] = records.rows("SELECT private, facts FROM audit_entry")
    assert json.loads(records.runtime.decrypt(None, "audit", bytes(private))) == {
        "surname": "Exampel",
        "telephone": "07700 900123",
        "date_of_birth": "1979-04-03",
    }
    assert facts["terms"] == ["date_of_birth", "surname", "telephone"]
    assert not {"Exampel", "07700 900123"} & set(map(str, facts.values()))
