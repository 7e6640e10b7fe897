"""The page on which a user and the records of a bulk partner are chosen by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shared.access.principal import Principal
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web, refusal


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


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_who_starts_it_in_another_window_is_told_of_the_first(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """As long as it is being done; another source is another job, and what was given up may be started again."""
    user = records.person(LEEDS, "partner", name="Una User")
    support = records.person(LEEDS, "central_support", name="Cass Support")
    page = f"/bulk-partner/preview?person_id={user.person_id}&unit={LEEDS}"
    assert "Add partnerships" in web(support).get(page).text
    start = {"person_id": user.person_id, "unit": LEEDS}
    job = records.run("bulk_partner.start", cast.cpc, **start)["id"]

    shown = web(support).get(page).text
    assert (f"/records/bulk-partner/jobs/{job}" in shown, "Add partnerships" in shown) == (True, False)
    no = refusal(records, "bulk_partner.start", support, **start)
    assert (no.code, no.more, "by Colin Cpc on 1 April 2026" in no.message) == ("R34", {"job_id": job}, True)
    colleague = records.person(LEEDS, "partner", name="Carl Colleague")
    records.partner(cast.nominal, colleague)
    copied = {"person_id": user.person_id, "template_id": colleague.person_id}
    records.run("bulk_partner.start", support, **copied)

    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'failed', finished_at = now()"))
    shown = web(support).get(f"/bulk-partner/jobs/{job}").text
    assert "Stopped" in shown
    assert f"/records/bulk-partner/preview?person_id={user.person_id}&amp;unit={LEEDS}" in shown
    records.run("bulk_partner.start", support, **start)
    assert len(records.rows("SELECT FROM bulk_partner_job")) == 3
