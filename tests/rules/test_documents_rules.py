"""Who signs what, until when a change may stay unsigned, who may read, and who passes a message on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.identity.documents.library import known_documents
from services.identity.documents.message_rules import leads_of, may_pass_on
from services.identity.documents.signing_rules import (
    asks_consequences,
    is_own_name,
    last_unsigned_day,
    may_read,
    who_signs,
    whole_statement,
)

DAY = timedelta(days=1)
PUBLISHED, JOINED = date(2026, 3, 2), date(2026, 1, 5)


def signs(code: str, agency_kind: str, jurisdiction: str) -> bool:
    row = known_documents()[code]
    asked = who_signs(row.get("agency_kinds", []), row.get("jurisdictions", []), agency_kind, jurisdiction)
    return asked and row.get("signature", "required") == "required"


@pytest.mark.clause(
    "PF-4.16/D.2", "PF-4.16/D.3", "PF-4.16/D.4", "PF-4.16/D.5", "PF-5.11.2", "PF-5.11.3", "SC-17.11"
)
@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("syops", {"probation ENG", "prison ENG", "police ENG", "police SCT"}),
        ("standards", {"probation ENG", "prison ENG", "police ENG"}),
        ("standards_scotland", {"police SCT"}),
        ("business_model", {"probation ENG"}),
        ("minimum_datasets_probation", {"probation ENG"}),
        ("audit_framework", {"probation ENG"}),
        ("minimum_dataset_prison", {"prison ENG"}),
        ("instruction", set()),
    ],
)
def test_who_signs_each_document(code: str, who: set[str]) -> None:
    everybody = ("probation ENG", "prison ENG", "police ENG", "police SCT")
    assert {one for one in everybody if signs(code, *one.split())} == who


@pytest.mark.clause("PI-H.1", "PI-3.6.2", "PSI-5.3.2.2")
def test_the_library_keeps_what_was_replaced() -> None:
    kept = {code: row for code, row in known_documents().items() if "historical" in row}
    assert {
        "standards_2008",
        "niog",
        "nps_guidance_2007",
        "psi_08_2009",
        "public_protection_manual",
    } <= kept.keys()
    assert "business_model_prison_2009" in kept
    assert all(row["signature"] == "none" for row in kept.values())
    assert kept["niog"]["historical"][0][:2] == ["1.1", date(2008, 5, 1)]


@pytest.mark.clause("PI-3.11", "PSI-5.3.7")
def test_the_instruction_is_acknowledged_and_never_refused_for() -> None:
    assert known_documents()["instruction"]["signature"] == "acknowledged"
    assert not asks_consequences("acknowledged")
    assert whole_statement("acknowledged") == "I have been made aware of this document."


@pytest.mark.clause("PF-7/SyOps.2")
def test_the_consequences_are_part_of_the_statement() -> None:
    assert whole_statement("required").endswith("could lead to disciplinary or legal action.")
    assert asks_consequences("required")


@pytest.mark.clause("PF-4.16/D.1", "PF-6.3")
@pytest.mark.parametrize(
    ("before", "first_needed", "joined", "ends"),
    [
        (True, True, JOINED, PUBLISHED + 28 * DAY),
        (False, True, JOINED, None),
        (True, False, JOINED, PUBLISHED + 28 * DAY),
        (False, False, JOINED, PUBLISHED + 28 * DAY),
        (False, False, PUBLISHED + 9 * DAY, PUBLISHED + 37 * DAY),
        (True, False, PUBLISHED + 9 * DAY, PUBLISHED + 28 * DAY),
    ],
)
def test_until_when_a_document_may_stay_unsigned(
    before: bool, first_needed: bool, joined: date, ends: date | None
) -> None:
    given = {"signed_before": before, "joined_on": joined, "first_needed": first_needed}
    assert last_unsigned_day(PUBLISHED, grace_days=28, **given) == ends  # type: ignore[arg-type]


@pytest.mark.clause("PF-0.5.2")
@pytest.mark.parametrize(
    ("visibility", "is_user", "must_sign", "reads"),
    [
        ("all_staff", False, False, True),
        ("visor_users", False, False, False),
        ("visor_users", True, False, True),
        ("visor_users", False, True, True),
    ],
)
def test_home_office_property_is_for_existing_users(
    visibility: str, is_user: bool, must_sign: bool, reads: bool
) -> None:
    assert may_read(visibility, is_visor_user=is_user, must_sign=must_sign) is reads


@pytest.mark.parametrize(
    ("typed", "own"), [("Ann Ash", True), ("  ann   ASH ", True), ("Ann", False), ("", False)]
)
def test_a_name_is_ones_own_in_any_case_and_spacing(typed: str, own: bool) -> None:
    assert is_own_name(typed, "Ann Ash") is own


@pytest.mark.clause("PF-5.11.4")
def test_the_governor_and_leads_pass_on_in_a_prison_and_the_lpc_in_a_unit() -> None:
    held = {
        "g": ("governor",),
        "l": ("visor_lead", "partner"),
        "b": ("visor_lead", "governor"),
        "u": ("partner",),
    }
    assert leads_of("prison", held) == {"g": "governor", "l": "visor_lead", "b": "governor"}
    assert leads_of("delivery_unit", {"p": ("lpc",), "u": ("partner",)}) == {"p": "lpc"}
    assert leads_of("mappa_area", held) == {}


@pytest.mark.clause("PF-5.11.4")
@pytest.mark.parametrize(
    ("received_as", "is_cpc", "passed_on", "may"),
    [
        ("governor", False, False, True),
        ("visor_lead", False, False, True),
        ("user", False, False, False),
        (None, False, False, False),
        (None, True, False, True),
        ("governor", False, True, False),
        (None, True, True, False),
    ],
)
def test_who_may_pass_a_message_on(received_as: str | None, is_cpc: bool, passed_on: bool, may: bool) -> None:
    assert may_pass_on(received_as=received_as, is_cpc=is_cpc, passed_on=passed_on) is may
