"""What a new record is checked for stands on a page, with the clause of the Standards where it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.records.nominals.schemas import CreateInput
from services.records.validation import rules
from shared.access.principal import Principal
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web

# Free text, or a choice from a list: nothing of these can be wrong but the length.
UNCHECKED = {"forenames", "aliases", "address", "risk_level", "markers", "referral_id"}


def test_every_field_that_can_be_wrong_has_its_check() -> None:
    assert set(rules.checks()) == set(CreateInput().fields) - UNCHECKED


@pytest.mark.clause("PI-3.7", "PSI-5.3.3")
def test_a_message_names_the_clause_of_the_standards_where_it_is_known(
    records: World, cast: Cast, web: Callable[[Principal], Web], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(rules.checks())
    who = records.person(LEEDS, "create", roles=("tasked_with_creation",), name="Tess Tasked")
    typed = {"category": "2", "level": "2", "surname": "Example"}
    born = {"date_of_birth-day": "1", "date_of_birth-month": "4", "date_of_birth-year": "2026"}
    wrong = web(who).fill("/nominals/create", **typed, **born)
    assert (wrong.status_code, "ViSOR Standards," in wrong.text) == (422, False)
    page = web(who).get("/validation-rules").text
    assert "The Standards" not in page
    assert page.count("Not known") == len(known)
    known["date_of_birth"] = replace(known["date_of_birth"], standard="4.1.2")
    monkeypatch.setattr(rules, "_KNOWN", known)
    wrong = web(who).fill("/nominals/create", **typed, **born)
    assert wrong.text.count("younger than 10 (ViSOR Standards, 4.1.2)") == 2, (
        "in the summary and at the field"
    )
    page = web(cast.prison).get("/validation-rules").text
    assert "4.1.2" in page
    assert page.count("Not known") == len(known) - 1
    assert "/records/validation-rules" in web(who).get("/nominals/create").text
