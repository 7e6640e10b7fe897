"""The invented caseload: repeatable, valid, in proportion, and neutral."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import islice

import pytest

from deploy.demonstration import lately_area, lately_theirs, numbers
from deploy.demonstration.act import Act
from deploy.demonstration.alike import OLDEST
from deploy.demonstration.cast import story_nominal
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.people import nominals
from deploy.demonstration.shares import areas
from deploy.demonstration.staff import staff
from deploy.demonstration.then import Then
from deploy.demonstration.users import Staff
from deploy.demonstration.wording import kinds, log_entries
from services.records.demonstration import nominal_id
from shared.clock import LONDON
from shared.reference.estate import units_by_code
from shared.reference.identifiers import parse_crn, parse_cro, parse_noms, parse_pnc, parse_visor
from shared.reference.mappa import level_allowed, ownership

TODAY = date(2026, 11, 21)
COUNT = 4000


@pytest.fixture(scope="module")
def everybody() -> Staff:
    return staff(1, TODAY)


@pytest.fixture(scope="module")
def caseload(everybody: Staff) -> list[InventedNominal]:
    return list(nominals(1, COUNT, TODAY, everybody))


def test_a_longer_caseload_begins_with_the_shorter_one(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    assert list(nominals(1, 50, TODAY, everybody)) == caseload[:50]
    assert list(nominals(2, 50, TODAY, everybody)) != caseload[:50]


def test_who_somebody_is_does_not_change_with_the_day(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    later = date(2027, 3, 1)
    for now, then in zip(caseload, nominals(1, 200, later, staff(1, later)), strict=False):
        for known in ("names", "date_of_birth", "pnc", "cro", "noms", "crn", "owner_unit", "around", "town"):
            assert getattr(now, known) == getattr(then, known)
        assert (TODAY - now.created_on) == (later - then.created_on)


def test_a_caseload_has_its_bounds(everybody: Staff) -> None:
    assert list(nominals(1, 0, TODAY, everybody)) == []
    with pytest.raises(ValueError, match="between 0 and"):
        nominals(1, 1_000_001, TODAY, everybody)


def test_every_number_is_valid_and_given_once(caseload: list[InventedNominal]) -> None:
    for nominal in caseload:
        assert parse_visor(nominal.visor_number) == nominal.visor_number
        assert nominal.pnc is None or parse_pnc(nominal.pnc, TODAY) == nominal.pnc
        assert nominal.cro is None or parse_cro(nominal.cro) == nominal.cro
        assert nominal.noms is None or parse_noms(nominal.noms) == nominal.noms
        assert nominal.crn is None or parse_crn(nominal.crn) == nominal.crn
    for kind in ("visor_number", "pnc", "cro", "noms", "crn"):
        numbers = [number for nominal in caseload if (number := getattr(nominal, kind))]
        assert len(set(numbers)) == len(numbers) > COUNT / 2, kind


def test_the_nominal_of_the_story_is_not_among_them(caseload: list[InventedNominal]) -> None:
    story = story_nominal()
    for nominal in caseload:
        assert story.noms != nominal.noms
        assert story.crn != nominal.crn
        assert story.pnc != nominal.pnc


def test_categories_and_levels_have_their_published_shares(caseload: list[InventedNominal]) -> None:
    mappa = [nominal for nominal in caseload if nominal.category in {"1", "2", "3", "4"}]
    categories = Counter(nominal.category for nominal in mappa)
    levels = Counter(nominal.level for nominal in mappa)
    assert abs(categories["1"] / len(mappa) - 0.751) < 0.003
    assert abs(levels["1"] / len(mappa) - 0.96) < 0.01
    assert abs(levels["2"] / len(mappa) - 0.035) < 0.01
    assert levels["3"] > 0
    assert {nominal.category for nominal in caseload} == {
        *("1", "2", "3", "4", "PDP", "SOC"),
        *("RSO", "RP", "ORSH"),
    }


def test_areas_have_their_published_shares(caseload: list[InventedNominal]) -> None:
    found = Counter(nominal.area for nominal in caseload)
    assert len(found) == 42
    assert abs(found["53"] / COUNT - 3000 / 68357) < 0.003, "West Yorkshire"
    assert abs(found["28"] / COUNT - 816 / 68357) < 0.003, "Hertfordshire"
    assert areas().totals[-1] == pytest.approx(68357)


@pytest.mark.clause(
    "PF-4.9", "PF-7/Police owned", "PF-7/nominal record owner.1", "PF-7/nominal record owner.2"
)
def test_every_nominal_is_where_the_rules_would_have_it(caseload: list[InventedNominal]) -> None:
    units = units_by_code()
    for nominal in caseload:
        assert level_allowed(nominal.category, nominal.level)
        owner = ownership(nominal.category, supervised=nominal.supervised).owner
        assert (nominal.owner_agency == "probation-service") is (owner == "probation")
        assert units[nominal.owner_unit].agency == nominal.owner_agency
        if owner == "probation":
            assert nominal.owner_unit == f"area-{nominal.area}"
            assert units[nominal.managing_unit].parent == nominal.owner_unit


def test_everybody_round_a_nominal_can_sign_in_and_may_be_what_they_are(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    def tokens(username: str) -> set[str]:
        user = everybody.by_username[username]
        assert user.can_sign_in(TODAY)
        return {held.name for held in user.tokens}

    for nominal in caseload:
        around = nominal.around
        assert "manager" in tokens(around.manager)
        assert "supervisor" in tokens(around.supervisor)
        assert all("partner" in tokens(partner) for partner in around.partners)
        assert not {around.manager, around.supervisor} & set(around.partners)
        assert len(set(around.partners)) == len(around.partners)


@pytest.mark.clause("PF-5.13.1")
def test_where_a_prison_is_partnered_all_its_users_are(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    partnered = 0
    for nominal in caseload:
        if nominal.custody:
            inside = {
                name
                for name in nominal.around.partners
                if everybody.by_username[name].unit == nominal.custody.prison
            }
            users = everybody.holders(
                nominal.custody.prison, "case_administrator", "pom", "security", "visor_lead"
            )
            assert inside in (set(), set(users))
            partnered += bool(inside)
    assert partnered > 500


def test_custody_fits_the_person(caseload: list[InventedNominal]) -> None:
    units = units_by_code()
    inside = [nominal for nominal in caseload if nominal.custody]
    assert 0.15 < len(inside) / COUNT < 0.35
    for nominal in inside:
        assert nominal.custody is not None
        assert nominal.custody.received_on < TODAY
        assert nominal.custody.release_on is None or nominal.custody.release_on > TODAY
        assert nominal.noms
        for_women = units[nominal.custody.prison].parent == "group-WMN" or nominal.custody.prison in (
            "prison-BZI",
            "prison-PFI",
        )
        assert for_women is (nominal.sex == "female")


def test_everybody_is_grown_up_and_marked_as_invented(caseload: list[InventedNominal]) -> None:
    for nominal in caseload:
        oldest = 100 if nominal.index == OLDEST else 92
        assert 18 <= (TODAY - nominal.date_of_birth).days / 365.25 <= oldest
        assert nominal.created_on < TODAY
        assert nominal.main_name.kind == "main"
        assert "Invented" in nominal.remark


def test_a_caseload_is_made_fast_enough_for_two_hundred_thousand(everybody: Staff) -> None:
    begun = time.process_time()
    made = sum(1 for _ in islice(nominals(3, 4000, TODAY, everybody), 4000))
    assert made == 4000
    assert (time.process_time() - begun) / made * 200_000 < 60


def test_log_entries_are_whole_sentences_by_people_of_the_record(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    texts = []
    for nominal in caseload[:300]:
        entries = list(log_entries(1, nominal, 12, TODAY, everybody))
        assert entries == list(log_entries(1, nominal, 12, TODAY, everybody))
        assert [entry.on for entry in entries] == sorted(entry.on for entry in entries)
        for entry in entries:
            assert entry.author in {nominal.around.manager, *nominal.around.partners}
            assert nominal.created_on <= entry.on <= TODAY
            assert "{" not in entry.text
            assert entry.text.endswith(".")
            texts.append(entry.text)
    assert len(set(texts)) > 0.9 * len(texts)


def test_prison_staff_write_of_prison_matters_only_while_somebody_is_inside(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    inside_only = {kind.code for kind in kinds() if kind.where == "custody"}
    for nominal in caseload[:300]:
        for entry in log_entries(1, nominal, 12, TODAY, everybody):
            if entry.kind in inside_only:
                assert nominal.custody is not None
                assert nominal.custody.received_on <= entry.on


@pytest.mark.clause("PI-3.4.1")
def test_police_are_partners_of_category_2_at_level_2_and_3_and_not_at_level_1(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    seen = Counter[tuple[bool, bool]]()
    for nominal in caseload:
        if nominal.category == "2":
            agencies = {everybody.by_username[name].agency for name in nominal.around.partners}
            police = any(agency.startswith("police-") for agency in agencies)
            seen[nominal.level in ("2", "3"), police] += 1
    assert set(seen) == {(True, True), (False, False)}


@pytest.mark.parametrize(
    ("scramble", "place", "number"),
    [(numbers._NOMS, 2, numbers.noms), (numbers._CRN, 21 * 1_000_000 + 700_441, numbers.crn)],
    ids=["noms", "crn"],
)
def test_the_numbers_of_the_story_are_left_out_wherever_they_would_fall(
    scramble: numbers.Scramble, place: int, number: Callable[[int, int], str]
) -> None:
    story = (story_nominal().noms, story_nominal().crn)
    seed = (place - scramble(1, 0)) * pow(7919, -1, scramble.size) % scramble.size
    assert scramble(1, seed) == place
    assert number(1, seed) not in story


def test_whoever_answers_for_the_area_of_the_story_finds_something_in_each_report(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    """Done by others: nothing of it is in the caseload of somebody whom the ten steps of the README are about."""
    waiting = list(nominals(1, 20, TODAY, everybody, after=COUNT))
    acts = list(lately_area.reported(caseload[:1000], waiting, everybody, TODAY))
    done = Counter(act.command for act in acts)
    assert done == {
        "access.open": 2,  # RPT-05
        "search.nominals": 2,  # RPT-05-SEARCHES
        "quality.check_record": 1,  # RPT-07
        "referrals.register": 3,  # RPT-10 and RPT-10-AREAS
        "partnership.request": 1,  # RPT-11
        "transfers.request": 1,  # RPT-13
        "limited_access.set": 1,  # RPT-16
        "imminent_risk.raise": 1,  # RPT-29
    }
    story = {user.username for user in everybody.users if user.part}
    # The one limits access and transfers, the other supervises every record of Leeds.
    assert {act.username for act in acts} & story == {"samuel.oyelade", "joanna.kaczmarek"}
    about = {act.given["nominal_id"] for act in acts if "nominal_id" in act.given}
    theirs = {nominal_id(one.index) for one in caseload if one.around.manager in story}
    assert about.isdisjoint(theirs)
    assert len(about) == 6


def test_a_small_caseload_has_as_many_of_them_as_it_can(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    assert list(lately_area.reported([], [], everybody, TODAY)) == []
    few = list(lately_area.reported(caseload[:200], [], everybody, TODAY))
    assert {act.command for act in few} == {"limited_access.set"}


@pytest.mark.parametrize("hour", [2, 12, 23])
def test_what_was_done_on_an_earlier_day_was_done_in_working_hours_and_in_order(hour: int) -> None:
    """At whatever hour the suite is filled; what is done today is done now."""
    now = datetime(2026, 11, 21, hour, 30, tzinfo=UTC)
    then = Then()

    def stands(act: Act) -> datetime:
        then.stand(act, now)
        return (now + then()).astimezone(LONDON)

    on = {days: [stands(Act(days, "", "", {})) for _ in range(61)] for days in (3, 1, 30)}
    for days, moments in on.items():
        assert {moment.date() for moment in moments} == {TODAY - timedelta(days=days)}
        assert moments == sorted(moments)
        assert (moments[0].hour, moments[-1].hour) == (9, 16)
    assert f"{stands(Act(2, '', '', {}, at=clock_time(10, 55))):%d %H:%M}" == "19 10:55"
    assert stands(Act(0, "", "", {})) == now


def test_whoever_owes_minutes_of_level_2_is_at_level_2(
    everybody: Staff, caseload: list[InventedNominal]
) -> None:
    """Of the records of the story: the others had it from the beginning."""
    acts = list(lately_theirs.waiting(caseload, everybody, TODAY))
    raised = {act.given["nominal_id"]: act.days_ago for act in acts if act.command == "nominals.categorise"}
    held = [act for act in acts if act.command == "meetings.record"]
    assert len(held) == 2
    assert all(raised[act.given["nominal_id"]] > act.days_ago for act in held)
