"""Every row of the requirements' table of deadlines against the catalogue and national policy."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from services.notifications.alerts.rules import rules_for
from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.deadlines.described import described
from services.notifications.delivery.rules import POSTS
from shared.policy import NotInForce, Policy, UnknownPolicy, published_policy

TODAY = date(2026, 11, 21)
_TABLE = Path(__file__).with_name("section_32.md")

# What the table's words for people mean as roles and tokens.
PEOPLE = {
    "tasked administrators": "tasked_with_creation",
    "tasked administrators of the unit": "tasked_with_creation",
    "administrators of the future area": "tasked_with_creation",
    "administrators": "tasked_with_creation",
    "all administrators of unit": "case_administrator",
    "MAPPA administrator of managing area": "mappa_administrator",
    "administrator (manager)": "manager",
    "prison case administrators": "prison_administrator",
    "prison administrator": "prison_administrator",
    "prison users": "prison_administrator",
    "LPC": "lpc",
    "LPC of record": "lpc",
    "then CPC": "cpc",
    "CPC": "cpc",
    "CPCs": "cpc",
    "its CPC": "cpc",
    "prison CPC": "cpc",
    "owning CPC": "cpc",
    "SPO": "spo",
    "lead": "visor_lead",
    "leads": "visor_lead",
    "ViSOR lead": "visor_lead",
    "Governor": "governor",
    "RPD": "regional_probation_director",
    "PGD": "prison_group_director",
    "SMB": "oversight_chair",
    "SMB / SOG": "oversight_chair",
    "SOG / SMB chair": "oversight_chair",
    "SRO for exceptions": "sro",
    "Head of Public Protection": "head_of_public_protection",
    "Central Support": "central_support",
    "data protection officer": "data_protection_officer",
    "national administrator": "admin",
    "national": "admin",
    "manager": "manager",
    "police manager": "manager",
    "supervisor": "supervisor",
    "police supervisor": "supervisor",
    "partners": "partner",
    "police counterpart": "police_counterpart",
    "practitioner": "practitioner",
    "approving manager": "approving_manager",
    "POM": "pom",
    "user": "user",
    "line manager": "line_manager",
    "every signatory": "signatory",
}
# Words that mean something else, or nobody who could be told, in one row.
READ_SO = {
    ("D-11", "same"): "MAPPA administrator of managing area",
    ("D-11", "escalated", "same"): "LPC, CPC",
    ("D-10", "SMB report"): "",  # RPT-12
    ("D-12", "administrator"): "MAPPA administrator of managing area",
    ("D-45", "administrator"): "all administrators of unit",
    ("D-24", "administrator"): "prison administrator",
    ("D-05", "prison CPC informed"): "",  # an item without a date: records.referral.asked_informed
    ("D-18", "owning CPC / Data Governance"): "owning CPC",  # in Scotland it has the CPC's powers (SC-17.15)
    ("D-36", "Data Governance"): "",  # the same
    ("D-25", "SPO (report only)"): "SPO",
    ("D-26", "CPC (report only)"): "CPC",
    ("D-35", "CPC (R07 after)"): "CPC",
    ("D-13", "Head of Public Protection"): "Head of Public Protection",
    ("D-31", "prison users"): "prison users",
}
# Told besides those of the table: who may have to act on an imminent risk (PF-4.30), who archives (PF-7/To do list).
BESIDES = {"D-13": {"lpc", "cpc"}, "D-17": {"cpc"}}
# Either of the two, whose unit it is: one rung.
TOGETHER = {"regional_probation_director", "prison_group_director", "head_of_public_protection"}

Row = dict[str, str]


def _rows() -> dict[str, Row]:
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| D-")]
    names = ("id", "trigger", "period", "days", "reminded", "escalated", "clause")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cells}


ROWS = _rows()
EACH = pytest.mark.parametrize("code", list(ROWS))


def _roles(code: str, text: str, column: str) -> list[str]:
    text = READ_SO.get((code, column, text), READ_SO.get((code, text), text))
    found = []
    for part in re.split(r"[,;] ", text):
        words = READ_SO.get((code, part.strip()), part.strip())
        single = [words] if words in PEOPLE else words.split(" / ")
        found += [PEOPLE[word] for word in single if word]
    return found


def _ladder(roles: list[str]) -> list[list[str]]:
    """One rung each; RPD and PGD, or Head of Public Protection and PGD, are one: either has the unit."""
    rungs: list[list[str]] = []
    for role in roles:
        if rungs and role in TOGETHER and rungs[-1][-1] in TOGETHER:
            rungs[-1].append(role)
        else:
            rungs.append([role])
    return rungs


def test_the_table_has_its_forty_two_rows() -> None:
    assert set(ROWS) == {f"D-{n:02}" for n in range(1, 46)} - {"D-19", "D-33", "D-42"}
    assert set(ROWS) <= set(catalogue())


@EACH
def test_whoever_the_table_reminds_is_reminded(code: str) -> None:
    told = set(_roles(code, ROWS[code]["reminded"], "reminded"))
    assert set(catalogue()[code].reminded) == told | BESIDES.get(code, set())


@EACH
def test_the_ladder_is_that_of_the_table(code: str) -> None:
    assert [list(rung) for rung in catalogue()[code].ladder] == _ladder(
        _roles(code, ROWS[code]["escalated"], "escalated")
    )


@EACH
def test_the_clause_is_that_of_the_table(code: str) -> None:
    clauses = {part.strip() for part in ROWS[code]["clause"].split(",")}
    whole = {one if "-" in one or " " in one else f"PF-{one}" for one in clauses}
    assert {part.strip() for part in catalogue()[code].clause.split(",")} == whole


_UNITS = {"cal": "calendar day", "cal (unlabelled)": "calendar day", "wd": "working day"}
# Where the words give the period otherwise than as a number of days. None: its end is a moment that the fact carries.
PERIODS: dict[str, dict[str, str] | None] = {
    "D-02": {"": "-6 calendar months"},
    "D-08": {"": "0 calendar days"},
    "D-09": {"": "1 calendar day"},
    "D-12": {"": "1 working day"},
    "D-13": {"": "1 hour"},
    "D-14": {"": "2 hours"},
    "D-15": None,
    "D-18": {"": "90 calendar days"},
    "D-22": {"": "0 calendar days"},
    "D-23": {"": "0 calendar days"},
    "D-24": None,
    "D-25": None,
    "D-26": None,
    "D-28": {"": "1 calendar month"},
    "D-30": {"": "-6 calendar months"},
    "D-31": {"": "-6 calendar months"},
    "D-32": {"": "0 calendar days"},
    "D-34": {"": "-6 calendar months"},
    "D-37": {"": "3 calendar months"},  # from 31 March to 30 June
    "D-38": {"subject_access": "1 calendar month", "freedom_of_information": "20 working days"},
    "D-39": {
        "initial": "3 calendar days",
        "change": "3 calendar days",
        "periodic": "12 calendar months",
        "no_fixed_abode": "7 calendar days",
    },
    "D-40": None,
    "D-41": None,
}


def _periods(code: str) -> dict[str, str] | None:
    if code in PERIODS:
        return PERIODS[code]
    row = ROWS[code]
    found = re.search(r"(\d+) (day|month)s?", row["period"])
    assert found, row["period"]
    number = int(found[1])
    unit = "calendar month" if found[2] == "month" else _UNITS[row["days"].replace("*", "")]
    return {"": f"{number} {unit}" + ("s" if number != 1 else "")}


@EACH
def test_the_period_and_its_days_are_those_of_the_table(code: str) -> None:
    wanted, entry = _periods(code), catalogue()[code]
    on = TODAY if not _of_2009(code) else date(2015, 1, 1)
    if wanted is None:
        assert not entry.variants
        with pytest.raises((NotInForce, UnknownPolicy)):
            entry.period(published_policy(), on)
    else:
        assert {variant: str(entry.period(published_policy(), on, variant)) for variant in wanted} == wanted
        assert set(entry.variants or ("",)) == set(wanted)


def _of_2009(code: str) -> bool:
    return "[2009, off]" in ROWS[code]["trigger"]


@EACH
def test_the_rows_of_2009_are_off_and_no_other_is_without_saying_why(code: str) -> None:
    entry = catalogue()[code]
    if _of_2009(code):
        assert not entry.on
        assert "2009" in entry.note
    elif not entry.runs:
        assert entry.note


# The words of the table that say what the wording of the catalogue must speak of.
SPOKEN_OF = {
    "D-01": "category 2",
    "D-02": "release",
    "D-03": "sentence",
    "D-04": "category 3",
    "D-05": "prison",
    "D-06": "partnership request",
    "D-07": "reception",
    "D-10": "level 3",
    "D-11": "level 2",
    "D-13": "imminent risk",
    "D-29": "leaver",
    "D-38": "freedom of information",
    "D-45": "level 1 review",
}


@pytest.mark.parametrize("code", list(SPOKEN_OF))
def test_the_trigger_is_that_of_the_table(code: str) -> None:
    words = SPOKEN_OF[code]
    entry = catalogue()[code]
    assert words.split()[0] in ROWS[code]["trigger"].lower().replace("cat ", "category ") or code == "D-38"
    assert words in f"{entry.trigger} {entry.duty}".lower()


def _whole(entry: Entry, policy: Policy) -> list[str]:
    """What a row that runs must say: trigger, calendar, what meets it, reminders, ladder."""
    missing = []
    if not entry.trigger or not entry.reminded or not entry.ladder:
        missing.append("trigger, reminded or ladder")
    by_hand = entry.by_hand is not None and bool(entry.by_hand.done)
    if not entry.meets and not by_hand:
        missing.append("what meets it")
    if entry.starts is None and entry.calendar is None and not (entry.by_hand and entry.by_hand.begins):
        missing.append("what starts it")
    manner = entry.manner(policy, TODAY)
    climbs = () if "report only" in ROWS[entry.code]["escalated"] else entry.ladder
    if manner.ladder != climbs or manner.morning.hour != 7:
        missing.append("how it climbs")
    return missing


@EACH
def test_a_row_that_runs_is_whole(code: str) -> None:
    entry = catalogue()[code]
    if entry.runs:
        assert _whole(entry, published_policy()) == []


def test_only_clocks_in_hours_have_a_gap_of_their_own_between_rungs() -> None:
    assert {code for code, one in catalogue().items() if one.rung_gap} == {"D-13", "D-14"}


def test_the_reminders_are_the_defaults_except_where_the_table_says_its_own() -> None:
    policy = published_policy()
    own = {
        code: one.manner(policy, TODAY).before
        for code, one in catalogue().items()
        if one.before is not None and not one.proposed_by
    }
    assert own == {"D-15": (90, 60, 30, 7), "D-18": (90,)}


def test_only_what_the_law_lets_stand_still_can_be_paused() -> None:
    """Section 32 has a clock stop only on its closing event; a request for disclosure waits for the requester."""
    assert {code for code, one in catalogue().items() if one.pausable or one.pauses} == {"D-38"}


def test_every_row_runs_but_the_rules_of_2009_and_the_targets_of_the_programme() -> None:
    assert {code for code in ROWS if not catalogue()[code].runs} == {"D-30", "D-31", "D-32", "D-34", "D-40"}


def test_posts_are_held_for_the_units_for_which_identity_appoints_to_them() -> None:
    roles = tomllib.loads(
        (files("services.identity.appointments") / "roles.toml").read_text(encoding="utf-8")
    )
    assert {name: set(kinds) for name, kinds in POSTS.items()} == {
        name: set(roles[name]["unit_kinds"]) for name in POSTS
    }
    on_ladders = {role for one in catalogue().values() for rung in one.ladder for role in rung}
    assert {role for role in on_ladders if roles.get(role, {}).get("post")} <= set(POSTS)


def test_whoever_no_role_names_is_told_by_a_fact_that_has_a_rule() -> None:
    for entry in catalogue().values():
        for role, fact in entry.told_by.items():
            assert [role] in [list(rung) for rung in entry.ladder]
            assert rules_for(fact)


@EACH
def test_the_page_says_of_each_row_that_runs_what_meets_it_and_when_it_reminds(code: str) -> None:
    said = described(catalogue()[code], published_policy(), TODAY)
    if said.runs:
        assert said.met
        assert said.reminders
    assert bool(said.pause) == (code == "D-38")


@pytest.mark.parametrize(
    ("code", "before", "said"),
    [
        ("D-12", None, "No reminder"),  # 1 working day
        ("D-13", None, "No reminder"),  # 1 hour
        ("D-10", None, "Reminds at half the period and the day before"),
        ("D-15", "its own", "Reminds 90, 60, 30, 7 days before"),
        ("D-20", None, "No reminder"),  # 2 working days
        ("D-20", (1,), "Reminds 1 working day before"),
        ("D-20", (2,), "No reminder"),
        ("D-07", (3, 1), "Reminds 3, 1 days before"),
        ("D-24", None, "Reminds at half the period and the day before, from three days on"),
    ],
)
def test_the_page_says_when_it_reminds_or_that_it_does_not(
    code: str, before: tuple[int, ...] | str | None, said: str
) -> None:
    entry = catalogue()[code]
    own = entry if isinstance(before, str) else replace(entry, before=before)
    assert described(own, published_policy(), TODAY).reminders == said


def test_a_duty_of_several_kinds_has_a_period_for_each() -> None:
    said = described(catalogue()["D-38"], published_policy(), TODAY).period
    assert (
        said == "1 calendar month (subject access request); 20 working days (freedom of information request)"
    )


@EACH
def test_what_the_table_only_reports_raises_nothing_up_the_ladder(code: str) -> None:
    assert catalogue()[code].report_only is ("report only" in ROWS[code]["escalated"])
