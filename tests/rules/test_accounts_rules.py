"""Who may take each step of an account's life, as decisions over plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.identity.accounts.checklist_rules import Newcomer, card_missing, next_step, steps
from services.identity.accounts.dormancy_rules import noticed_after, unused_before, wrong_decision
from services.identity.accounts.leaving_rules import Held, in_words
from services.identity.accounts.positions import in_use, options, positions, wrong_position
from services.identity.accounts.rules import (
    may_nominate,
    may_request,
    reporting_as,
    user_name,
    why_closed,
    why_not_archive,
    why_not_authorise,
)
from services.identity.authority import Reach
from services.identity.people.moving_rules import fate
from shared.access.principal import Principal, grants
from shared.ids import new_id
from shared.policy import published_policy

TODAY = date(2026, 3, 2)
LEEDS = ("pdu-N55LEE", "area-53", "region-N55")
WSI = ("prison-WSI", "group-LNDN")


def reach(*held: str, areas: tuple[str, ...] = LEEDS, deputy_for: tuple[str, ...] = ()) -> Reach:
    """`token:unit` or `role=unit`."""
    tokens = [tuple(one.split(":")) for one in held if ":" in one]
    roles = [tuple(one.split("=")) for one in held if "=" in one]
    who = Principal(
        person_id=new_id(),
        issuer="visor",
        session_id=new_id(),
        auth_time=datetime(2026, 3, 2, tzinfo=UTC),
        agency="probation-service",
        agency_kind="probation",
        unit="area-53",
        tokens=grants(tokens),  # type: ignore[arg-type]
        roles=grants(roles),  # type: ignore[arg-type]
        deputy_for=frozenset(deputy_for),
    )
    return Reach(who, areas)


CPC, OTHER_CPC, ADMIN = reach("cpc:area-53"), reach("cpc:area-52"), reach("admin:national")
SUPPORT, NOBODY = reach("central_support:area-53"), reach("partner:pdu-N55LEE")
DEPUTY = reach("central_support:area-53", deputy_for=("area-53",))
LEAD, OTHER_LEAD = reach("visor_lead=prison-WSI", areas=WSI), reach("visor_lead=prison-PVI", areas=WSI)


@pytest.mark.clause("PF-5.9.4")
@pytest.mark.parametrize(
    ("who", "may"),
    [
        (CPC, True),
        (DEPUTY, True),
        (LEAD, True),
        (reach("spo=pdu-N55LEE"), True),
        (reach("lpc:pdu-N55LEE"), True),
        (OTHER_CPC, False),
        (OTHER_LEAD, False),
        (ADMIN, False),
        (SUPPORT, False),
        (NOBODY, False),
    ],
)
def test_who_may_nominate(who: Reach, may: bool) -> None:
    assert may_nominate(who, nominee=False) is may
    assert may_nominate(who, nominee=True)


@pytest.mark.clause("PF-4.16/A.6")
@pytest.mark.parametrize(
    ("who", "may"),
    [
        (CPC, True),
        (DEPUTY, True),
        (LEAD, False),
        (reach("lpc:pdu-N55LEE"), False),
        (reach("spo=pdu-N55LEE"), False),
        (ADMIN, False),
        (SUPPORT, False),
        (OTHER_CPC, False),
        (NOBODY, False),
    ],
)
def test_the_cpc_or_a_nominee_asks(who: Reach, may: bool) -> None:
    assert may_request(who, nominee=False) is may
    assert may_request(who, nominee=True)


@pytest.mark.clause("PF-4.16a.1", "PF-5.10.1", "PF-7/LPC.2")
@pytest.mark.parametrize(
    ("who", "oneself", "own_request", "code"),
    [
        (CPC, False, False, None),
        (CPC, False, True, None),
        (CPC, True, False, "R23"),
        (DEPUTY, False, False, None),
        (DEPUTY, False, True, "R23"),
        (DEPUTY, True, False, "R23"),
        (SUPPORT, False, False, "R11"),
        (ADMIN, False, False, "R11"),
        (OTHER_CPC, False, False, "R11"),
        (reach("cpc:group-LNDN", areas=WSI), False, False, None),
        (reach("cpc:group-LNDN"), False, False, "R11"),
        (LEAD, False, False, "R11"),
    ],
)
def test_only_the_cpc_or_their_deputy_authorises(
    who: Reach, oneself: bool, own_request: bool, code: str | None
) -> None:
    assert why_not_authorise(who, oneself=oneself, own_request=own_request) == code


@pytest.mark.clause("PF-4.38.1", "PF-4.39")
@pytest.mark.parametrize(
    ("who", "line_manager", "reported_as"),
    [
        (CPC, True, "cpc"),
        (NOBODY, True, "line_manager"),
        (NOBODY, False, None),
        (reach("spo=pdu-N55LEE"), False, "spo"),
        (LEAD, False, "visor_lead"),
        (OTHER_LEAD, False, None),
        (reach("governor=prison-WSI", areas=WSI), False, "governor"),
        (ADMIN, False, "admin"),
        (OTHER_CPC, False, None),
    ],
)
def test_who_reports_a_leaver(who: Reach, line_manager: bool, reported_as: str | None) -> None:
    assert reporting_as(who, line_manager=line_manager) == reported_as


@pytest.mark.clause("PF-7/Central Support Token.4", "PF-4.38.3")
@pytest.mark.parametrize(
    ("who", "oneself", "confirmed", "code"),
    [
        (CPC, False, False, None),
        (CPC, True, True, "R23"),
        (DEPUTY, False, False, None),
        (SUPPORT, False, False, "R24"),
        (SUPPORT, False, True, None),
        (SUPPORT, True, True, "R23"),
        (ADMIN, False, False, "R24"),
        (ADMIN, False, True, None),
        (OTHER_CPC, False, True, "R11"),
        (NOBODY, False, True, "R11"),
    ],
)
def test_who_archives_a_leavers_account(who: Reach, oneself: bool, confirmed: bool, code: str | None) -> None:
    assert why_not_archive(who, oneself=oneself, confirmed=confirmed) == code


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("created", None, None),
        ("active", None, None),
        ("nominated", None, "not yet authorised"),
        ("requested", None, "not yet authorised"),
        ("authorised", None, "not yet authorised"),
        ("disabled", "left", "left the role"),
        ("archived", "not_used", "not used"),
        ("disabled", "some older reason", "closed"),
    ],
)
def test_why_nobody_signs_in_with_an_account(state: str, reason: str | None, words: str | None) -> None:
    assert why_closed(state, reason) == words


@pytest.mark.parametrize(
    ("name", "number", "made"),
    [
        ("Ann Ash", 1, "ann.ash"),
        ("Ann Ash", 2, "ann.ash2"),
        ("  Pru   van der O’Neill-Smith ", 1, "pru.oneill-smith"),
        ("José Núñez", 1, "jose.nunez"),
        ("Bo", 1, "bo0"),
        ("李小龙", 1, "user"),
        ("A" * 200, 1, "a" * 70),
    ],
)
def test_a_user_name_is_suggested_from_the_name(name: str, number: int, made: str) -> None:
    assert user_name(name, number) == made


ARRIVED = Newcomer(
    state="active", level=2, expired_on=None, trained=True, signed=True, credentials=True, card_missing=()
)
# In order: what is not yet so at each step, and who acts.
MISSING: list[tuple[str, dict[str, Any], str]] = [
    ("vetting", {"level": 0, "state": "nominated"}, "CPC"),
    ("syops", {"signed": False, "state": "nominated"}, "newcomer"),
    ("training", {"trained": False, "state": "nominated"}, "newcomer"),
    ("request", {"state": "nominated"}, "CPC"),
    ("authorisation", {"state": "requested"}, "CPC"),
    ("card", {"state": "authorised", "card_missing": ("telephone number",)}, "administrator"),
    ("account", {"state": "authorised"}, "administrator"),
    ("credentials", {"state": "created", "credentials": False}, "administrator"),
    ("first_sign_in", {"state": "created"}, "newcomer"),
]


@pytest.mark.clause("PF-4.3.1", "PSI-5.3.4.2", "PF-6.3")
@pytest.mark.parametrize(("key", "change", "who"), MISSING)
def test_the_next_step_of_a_newcomer_says_what_is_missing_and_who_acts(
    key: str, change: dict[str, Any], who: str
) -> None:
    found = next_step(replace(ARRIVED, **change))
    assert found is not None
    assert (found.key, who.lower() in found.who.lower()) == (key, True)
    assert found.missing
    assert found.clause


def test_the_checklist_keeps_its_order_and_whoever_arrived_lacks_nothing() -> None:
    assert [step.key for step in steps(ARRIVED)] == [key for key, _change, _who in MISSING]
    assert all(step.done and not step.missing for step in steps(ARRIVED))
    assert next_step(ARRIVED) is None


def test_vetting_that_expired_reads_otherwise_than_vetting_that_never_was() -> None:
    expired = steps(replace(ARRIVED, level=0, expired_on=TODAY))[0]
    assert "expired" in expired.missing
    assert "cleared" in steps(replace(ARRIVED, level=0))[0].missing


@pytest.mark.clause("PF-7/white pages.1")
def test_a_card_has_four_fields() -> None:
    assert card_missing("Ann", "Officer", "a@example.org", "0113") == ()
    assert card_missing(" ", "", "", " ") == ("name", "role", "e-mail address", "telephone number")


@pytest.mark.clause("PF-4.38.3")
@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Held(0, 0, 0, 0, 0, 0), ""),
        (Held(1, 0, 0, 0, 0, 0), "1 token"),
        (Held(2, 1, 3, 0, 0, 0), "2 tokens, 1 role and 3 people to manage"),
        (Held(0, 0, 0, None, None, None), "records that are still being counted"),
        (Held(0, 0, 0, 1, 2, 1), "1 record as manager, 2 records as supervisor and 1 partnership"),
    ],
)
def test_what_a_leaver_still_holds_in_words(held: Held, words: str) -> None:
    assert in_words(held) == words


@pytest.mark.clause("PF-5.10.7.2")
def test_an_account_is_noticed_half_way_to_the_ninetieth_day_without_a_log_on_and_then_listed() -> None:
    after = published_policy().period("deadline.D-43", TODAY)
    assert noticed_after(after) == 45
    assert unused_before(TODAY, after.amount) == TODAY - timedelta(days=90)
    assert unused_before(TODAY, 1) == date(2026, 3, 1)


@pytest.mark.clause("PF-5.10.7.2")
@pytest.mark.parametrize(
    ("decision", "keep_until", "prison", "consulted", "fields"),
    [
        ("disable", None, False, False, []),
        ("disable", TODAY + timedelta(days=1), False, False, ["keep_until"]),
        ("disable", None, True, False, ["lead_consulted"]),
        ("disable", None, True, True, []),
        ("keep", None, False, False, ["keep_until"]),
        ("keep", TODAY, False, False, ["keep_until"]),
        ("keep", TODAY + timedelta(days=1), True, True, []),
    ],
)
def test_a_decision_about_an_unused_account(
    decision: str, keep_until: date | None, prison: bool, consulted: bool, fields: list[str]
) -> None:
    found = wrong_decision(decision, keep_until, TODAY, prison=prison, lead_consulted=consulted)
    assert list(found) == fields


@pytest.mark.clause("PSI-2.6.1")
def test_the_prisons_posts_hold_those_of_2009() -> None:
    held = {code for code, one in positions().items() if one.clause == "PSI-2.6.1"}
    assert held == {
        "offender_supervisor",
        "seconded_probation_officer",
        "police_liaison_officer",
        "security_staff",
    }
    assert all(wrong_position(code, "prison") is None for code in held)
    assert all(wrong_position(code, "probation") for code in held)


@pytest.mark.clause("PS-6")
def test_probations_posts_are_those_of_the_sentence_management_teams() -> None:
    held = {one.label for one in in_use() if one.clause == "PS-6"}
    assert {label.split(" (")[0] for label in held} == {
        "Senior probation officer",
        "Probation officer",
        "Probation service officer",
        "MAPPA staff",
        "Case administrator",
        "MAPPA administrator",
        "ViSOR administrator",
    }


@pytest.mark.clause("PS-8.1")
def test_senior_probation_officers_come_first() -> None:
    assert positions()["senior_probation_officer"].priority == "spo"
    assert {one.priority for one in in_use()} == {None, "spo", "business_critical"}


@pytest.mark.clause("PI-3.8.2", "PI-3.8.3", "PSI-2.6.2", "PSI-7.2")
@pytest.mark.parametrize(
    ("clause", "now"),
    [
        ("PI-3.8.2", ("create", "manager")),
        ("PI-3.8.3", ("admin",)),
        ("PSI-2.6.2", ("admin",)),
        ("PSI-7.2", ("admin",)),
    ],
)
def test_a_role_of_2009_says_which_tokens_do_its_work_today_and_is_offered_no_more(
    clause: str, now: tuple[str, ...]
) -> None:
    (one,) = [each for each in positions().values() if each.clause == clause]
    assert one.now == now
    assert one.code not in dict(options())
    assert wrong_position(one.code, one.agency)


def test_police_and_others_need_no_post_of_a_list() -> None:
    assert wrong_position("", "police") is None
    assert wrong_position(None, "national") is None


@pytest.mark.parametrize(
    ("token", "held_for", "new", "same_area", "found"),
    [
        ("partner", "pdu-N55LEE", ("pdu-N55BAC", "area-53"), True, "move"),
        ("partner", "area-53", ("pdu-N55BAC", "area-53"), True, "keep"),
        ("lpc", "pdu-N55LEE", ("pdu-N55BAC", "area-53"), True, "end"),
        ("cpc", "area-53", ("pdu-N55BAC", "area-53"), True, "keep"),
        ("central_support", "area-53", ("area-52",), False, "end"),
        ("partner", "pdu-N55LEE", ("area-52",), False, "end"),
        ("admin", "national", ("area-52",), False, "keep"),
    ],
)
def test_what_becomes_of_a_token_when_its_holder_moves(
    token: str, held_for: str, new: tuple[str, ...], same_area: bool, found: str
) -> None:
    assert fate(token, held_for, new, same_area=same_area) == found
