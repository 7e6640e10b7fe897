"""The national search: what is found, how well, and that no more than the minimal line comes back."""

from __future__ import annotations

import random
import string
from datetime import date
from typing import Any

import pytest

from services.records.search.queries import Found
from services.records.search.schemas import SearchAnswer
from shared.access.principal import Principal
from shared.directory.read_model import card_url
from shared.refusals import Invalid, Refusal
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World


@pytest.fixture
def searcher(records: World) -> Principal:
    return records.person(PRISON, "partner")


def found(world: World, who: Principal, **wanted: Any) -> list[str | None]:
    answer: Found = world.ask("search.nominals", who, **wanted)
    return [line.name for line in answer.results]


@pytest.mark.clause("PF-5.12.1", "PF-7/Partner token.1")
@pytest.mark.parametrize(
    "typed", ["02/73319Z", "2002/0073319z", " 2002 / 73319 Z ", "a1234bc", "X123456", "V10000001"]
)
def test_by_any_of_a_persons_numbers(records: World, searcher: Principal, typed: str) -> None:
    numbers = {"pnc": "2002/0073319Z", "noms": "A1234BC", "crn": "X123456"}
    records.nominal(numbers=numbers)
    records.nominal(surname="Other")
    assert found(records, searcher, number=typed) == ["Darren Alan Example"]


@pytest.mark.parametrize("typed", ["2002/0073319A", "nonsense", "12"])
def test_what_is_no_number_is_said_at_the_field(records: World, searcher: Principal, typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        records.ask("search.nominals", searcher, number=typed)
    assert wrong.value.errors.keys() == {"number"}


@pytest.mark.parametrize("wanted", [{}, {"forename": "Darren"}, {"year_of_birth": 1979}, {"surname": ""}])
def test_a_search_says_something(records: World, searcher: Principal, wanted: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as wrong:
        records.ask("search.nominals", searcher, **wanted)
    assert "Say more about the person" in str(wrong.value.errors["number"])


@pytest.mark.clause("PF-7/Partner token.1")
@pytest.mark.parametrize(
    ("surname", "forename"),
    [
        ("Example", "Darren"),
        ("example", ""),
        ("Exampel", "Daren"),
        ("Exxample", "Darran"),
        ("Eksample", "Daryn"),
        ("EXAMPLE", "Daz"),
        ("Sample", "Daz"),
        ("Sampel", "Dazza"),
        ("Ex-ample", "D"),
    ],
)
def test_by_name_alias_nickname_and_misspelling(
    records: World, searcher: Principal, surname: str, forename: str
) -> None:
    records.nominal(aliases=("Daz Sample",))
    records.nominal(surname="Whittaker", forenames="Wilfred")
    assert found(records, searcher, surname=surname, forename=forename) == ["Darren Alan Example"]


@pytest.mark.parametrize(
    ("known", "typed"), [("Robert", "Bob"), ("Bob", "Robert"), ("Bob", "Rob"), ("William", "Bill")]
)
def test_a_nickname_finds_the_name_and_the_name_the_nickname(
    records: World, searcher: Principal, known: str, typed: str
) -> None:
    records.nominal(forenames=known)
    records.nominal(forenames="Wilfred")
    assert found(records, searcher, surname="Example", forename=typed)[0] == f"{known} Example"


def test_a_name_in_another_script_is_found_by_itself(records: World, searcher: Principal) -> None:
    records.nominal(surname="李", forenames="明")
    assert found(records, searcher, surname="李", forename="明") == ["明 李"]


@pytest.mark.parametrize("born", [date(1979, 4, 3), date(1979, 3, 4)])
def test_by_date_of_birth_with_day_and_month_either_way(
    records: World, searcher: Principal, born: date
) -> None:
    records.nominal()
    records.nominal(surname="Other", date_of_birth=date(1979, 4, 5))
    assert found(records, searcher, date_of_birth=born) == ["Darren Alan Example"]


def test_with_a_name_and_a_date_only_somebody_of_like_name(records: World, searcher: Principal) -> None:
    records.nominal()
    records.nominal(surname="Whittaker", forenames="Wilfred")
    assert found(records, searcher, surname="Exampel", date_of_birth=date(1979, 4, 3)) == [
        "Darren Alan Example"
    ]


def test_the_best_comes_first_and_the_year_of_birth_decides(records: World, searcher: Principal) -> None:
    for year in (1950, 1979, 1981, 2001):
        records.nominal(forenames=f"John Y{year}", surname="Smith", date_of_birth=date(year, 1, 1))
    records.nominal(forenames="John", surname="Smyth", date_of_birth=date(1980, 1, 1))
    names = found(records, searcher, surname="Smith", forename="John", year_of_birth=1980)
    assert names[:2] == ["John Y1979 Smith", "John Y1981 Smith"]
    assert set(names[2:]) == {"John Smyth", "John Y1950 Smith", "John Y2001 Smith"}


@pytest.mark.clause("PF-7/Partner token.1")
def test_the_minimal_line_and_nothing_else(records: World, searcher: Principal) -> None:
    cpc = records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    nominal = records.nominal(numbers={"noms": "A1234BC"}, risk_level="very_high", address="1 Example Street")

    answer = SearchAnswer().dump(records.ask("search.nominals", searcher, surname="Example"))

    assert answer["results"] == [
        {
            "nominal_id": str(nominal),
            "visor_number": "V10000001",
            "name": "Darren Alan Example",
            "year_of_birth": 1979,
            "owner_unit": WEST_YORKSHIRE,
            "owner_name": "West Yorkshire",
            "archived": False,
            "limited": False,
            "cpc": {
                "person_id": str(cpc.person_id),
                "name": "Colin Cpc",
                "telephone": "0113 496 0000",
                "card_url": card_url(cpc.person_id),
            },
            "why": ["same surname"],
        }
    ]


@pytest.mark.clause("PF-4.16l.2")
def test_under_limited_access_there_is_a_record_and_whom_to_ask(records: World, searcher: Principal) -> None:
    cpc = records.person(WEST_YORKSHIRE, "cpc", "partner", name="Colin Cpc")
    records.nominal(limited_access=True, partners=(searcher,), numbers={"noms": "A1234BC"})

    for wanted in ({"surname": "Example"}, {"number": "A1234BC"}, {"date_of_birth": date(1979, 4, 3)}):
        [line] = SearchAnswer().dump(records.ask("search.nominals", searcher, **wanted))["results"]
        assert line["limited"]
        assert line["cpc"]["name"] == "Colin Cpc"
        assert [line[name] for name in ("nominal_id", "visor_number", "name", "year_of_birth")] == [None] * 4
        assert line["why"] == []
    assert found(records, cpc, surname="Example") == ["Darren Alan Example"]


def test_who_is_listed_sees_the_line(records: World, searcher: Principal) -> None:
    records.nominal(limited_access=True, listed=(searcher,))
    assert found(records, searcher, surname="Example") == ["Darren Alan Example"]


@pytest.mark.clause("PF-7/ViSOR Administrative access.2")
def test_admin_does_not_search(records: World) -> None:
    with pytest.raises(Refusal) as refused:
        records.ask("search.nominals", records.person(LEEDS, "admin"), surname="Example")
    assert refused.value.code == "R11"


def test_what_was_searched_for_is_audited_and_not_readable(records: World, searcher: Principal) -> None:
    records.nominal()
    records.ask("search.nominals", searcher, surname="Example")
    [(action, private, facts)] = records.rows("SELECT action, private, facts FROM audit_entry")
    assert action == "search.nominals"
    assert facts["found"] == 1
    assert b"Example" not in bytes(private)
    assert "Example" in records.runtime.decrypt(None, "audit", bytes(private))


# Made names, so that the recall does not depend on what somebody thinks is a typical mistake.
SYLLABLES = (
    "ber",
    "col",
    "dan",
    "fel",
    "gor",
    "hal",
    "jen",
    "kel",
    "lan",
    "mor",
    "nor",
    "pen",
    "ros",
    "sut",
    "tor",
    "wil",
)


def _made(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3)))).capitalize()


def _misspelt(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, len(name))
    letter = chance.choice(string.ascii_lowercase)
    swapped = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            swapped,
        )
    )


def test_recall_of_misspelt_names(records: World, searcher: Principal) -> None:
    """Both names misspelt by one letter, among hundreds alike: in the first fifty nearly always."""
    chance = random.Random(20260401)
    people = [(_made(chance), _made(chance), chance.randrange(1940, 2005)) for _ in range(300)]
    for forename, surname, year in people:
        records.nominal(forenames=forename, surname=surname, date_of_birth=date(year, 6, 1))
    hits = 0
    for forename, surname, year in people[:100]:
        wrong = {"forename": _misspelt(chance, forename), "surname": _misspelt(chance, surname)}
        hits += f"{forename} {surname}" in found(records, searcher, **wanted_of(wrong, year))
    assert hits >= 95


def wanted_of(wrong: dict[str, str], year: int) -> dict[str, Any]:
    return {**wrong, "year_of_birth": year}


def test_no_more_than_fifty_and_it_says_so(records: World, searcher: Principal) -> None:
    for number in range(51):
        records.nominal(forenames=f"John N{number}", surname="Smith")
    answer = records.ask("search.nominals", searcher, surname="Smith")
    assert len(answer.results) == 50
    assert answer.more
