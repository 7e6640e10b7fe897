"""The pages of Limited Access, conflicts of interest, the reports on access, and the search; each page is checked."""

from __future__ import annotations

from collections.abc import Callable

from shared.access.principal import Principal
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web

WHY = "A relative of the person works in the unit."
Site = Callable[[Principal], Web]


def test_limiting_access_page_by_page(records: World, web: Site, cast: Cast) -> None:
    cpc, here = web(cast.cpc), f"/nominals/{cast.nominal}/limited-access"
    assert "Access to this record is not limited" in cpc.get(here).text
    form = cpc.get(f"{here}/set").text
    assert "Mary Manager" in form
    assert "Paul Police" in form
    wrong = cpc.fill(f"{here}/set", reason="short")
    assert wrong.status_code == 422
    assert "Give a full explanation, of 20 characters or more." in wrong.text
    date = {"review_on-day": "1", "review_on-month": "9", "review_on-year": "2026"}
    done = cpc.fill(f"{here}/set", reason=WHY, people=str(cast.manager.person_id), **date)
    assert done.status_code == 303, done.text
    page = cpc.get(here).text
    assert WHY in page
    assert "Mary Manager" in page
    assert "Paul Police" not in page
    removed = cpc.fill(f"{here}/people/{cast.manager.person_id}/remove")
    assert removed.status_code == 303
    assert "Nobody is on the list" in cpc.get(here).text
    assert cpc.fill(f"{here}/people/add", others="nobody@example.invalid").status_code == 422
    assert "Access to this record is limited" in web(cast.partner).get(f"/nominals/{cast.nominal}").text
    register = cpc.get("/reports/rpt-16").text
    assert WHY in register
    assert "Attempts: most in V10000001 (1)" in register
    assert "Paul Police" in cpc.get("/reports/rpt-05").text
    assert cpc.fill(f"{here}/end", reason="The relative works elsewhere now.").status_code == 303
    assert "The relative works elsewhere now." in cpc.get(here).text


def test_a_conflict_of_interest_page_by_page(records: World, web: Site, cast: Cast) -> None:
    partner, here = web(cast.partner), f"/nominals/{cast.nominal}/conflicts"
    assert "Declare a conflict of interest" in partner.get(f"/nominals/{cast.nominal}").text
    assert partner.fill(f"{here}/declare", reason="The person is my cousin.").status_code == 303
    closed = partner.get(f"/nominals/{cast.nominal}")
    assert closed.status_code == 403
    assert "You declared a conflict of interest" in closed.text
    found = partner.http.post("/records/search", data={"surname": "Example", "csrf_token": "x"})
    assert "Darren" not in found.text
    cpc = web(cast.cpc)
    page = cpc.get(here).text
    assert "The person is my cousin." in page
    [end] = [
        part.split('"')[0] for part in page.split('href="/records') if part.split('"')[0].endswith("/end")
    ]
    assert cpc.fill(end, reason="It was somebody else.").status_code == 303
    assert partner.get(f"/nominals/{cast.nominal}").status_code == 200


def test_the_reason_page_and_the_searches_of_ones_people(records: World, web: Site, cast: Cast) -> None:
    stranger = web(cast.stranger)
    assert ">Colin Cpc</a>, will be told" in stranger.get(f"/nominals/{cast.nominal}/open").text
    again = stranger.fill(f"/nominals/{cast.nominal}/open", reason_type="linked_nominal", reason=WHY)
    assert again.status_code == 422
    assert "Enter the ViSOR number of a nominal whose record you work with" in again.text
    found = stranger.fill("/search", surname="Exampel", telephone="", address="")
    assert "Surname spelt nearly the same" in found.text
    assert "Stan Stranger" in web(cast.cpc).get("/reports/rpt-05-searches").text
