"""What a report gets from its declaration: a page, an endpoint, a picture and two downloads, each audited."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Sequence
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import fields
from sqlalchemy import insert, text
from werkzeug.test import TestResponse

from shared.access.principal import grants
from shared.reports import declaring
from shared.reports.charts import drawn
from shared.reports.declared import Chart, ChartKind, Points, Report
from shared.reports.downloads import harmless
from shared.reports.trend import alt_of, shows_anything
from shared.runtime import Runtime
from shared.web.schemas import Input
from tests.kernel.conftest import Bearer
from tests.kernel.notebook import Note, service
from tests.page_checks import check_page

PAGE, API = "/notebook/reports/note-01", "/notebook/api/reports/note-01"


def write_notes(runtime: Runtime, texts: Sequence[str]) -> None:
    rows = [{"text": each, "tag": f"t{number:03}"} for number, each in enumerate(texts)]
    with runtime.system_work("test") as work:
        work.session.execute(insert(Note), rows)


def noted(runtime: Runtime) -> list[tuple[str, str, dict[str, Any]]]:
    with runtime.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT action, outcome, facts FROM audit_entry ORDER BY id"))
        return [(row[0], row[1], row[2]) for row in rows]


def csv_rows(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture
def sixty(runtime: Runtime) -> None:
    write_notes(runtime, ["x" * number for number in range(1, 61)])


@pytest.mark.usefixtures("sixty")
def test_the_endpoint_pages_sorts_filters_and_adds_up(client: FlaskClient, bearer: Bearer) -> None:
    first = client.get(API, headers=bearer()).get_json()
    assert (first["total"], first["page"], first["pages"], len(first["rows"])) == (60, 1, 2, 50)
    assert first["totals"] == {"length": sum(range(1, 61))}
    second = client.get(API, query_string={"page": 2, "sort": "-length"}, headers=bearer()).get_json()
    assert [row["length"] for row in second["rows"]] == list(range(10, 0, -1))
    few = client.get(API, query_string={"length": 59}, headers=bearer()).get_json()
    assert [row["tag"] for row in few["rows"]] == ["t058", "t059"]
    for wrong in ({"surprise": 1}, {"sort": "text"}, {"page": 0}):
        assert client.get(API, query_string=wrong, headers=bearer()).status_code == 422


@pytest.mark.usefixtures("sixty")
def test_the_page_has_its_filter_table_total_picture_and_downloads(
    client: FlaskClient, bearer: Bearer
) -> None:
    page = client.get(PAGE, query_string={"length": "5"}, headers=bearer())
    check_page(page.text, PAGE)
    assert 'value="5"' in page.text
    assert "Notes: 56 rows</caption>" in page.text
    assert f">{sum(range(5, 61))}</td>" in page.text.split("<tfoot", 1)[1]
    assert ">Length of notes: characters</figcaption>" in page.text, "one series has no legend"
    assert 'alt="Length of notes. Characters: most in t013 (14), least in t004 (5)."' in page.text
    for what in ("chart", "csv", "xlsx"):
        assert f'{PAGE}/{what}?length=5"' in page.text
    later = re.findall(r'href="(/notebook/reports/note-01\?length=5&amp;page=2)"', page.text)
    assert later


@pytest.mark.usefixtures("sixty")
def test_each_view_and_download_is_audited_by_its_own_name(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    for address in (PAGE, f"{PAGE}/csv", f"{API}/xlsx", f"{PAGE}/chart", "/notebook/reports"):
        answer = client.get(address, query_string={} if "chart" in address else None, headers=bearer())
        assert answer.status_code == 200, address
    assert [(action, facts.get("rows")) for action, _, facts in noted(runtime)] == [
        ("reports.note_01", 50),
        ("reports.note_01.csv", 60),
        ("reports.note_01.xlsx", 60),
        ("reports.note_01.chart", 10),
        ("reports.list", None),
    ]


def test_whom_it_does_not_concern_sees_nothing_of_it(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    headers = bearer(tokens=grants([("create", "pdu-N55LEE")]))
    for address in (API, f"{API}/csv", f"{API}/xlsx", f"{API}/chart"):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "R32")
    assert {outcome for _, outcome, _ in noted(runtime)} == {"refused"}
    assert "note-01" not in client.get("/notebook/reports", headers=headers).text


def test_no_cell_is_a_formula(client: FlaskClient, bearer: Bearer, runtime: Runtime) -> None:
    dangerous = ['=HYPERLINK("http://x","y")', "+1", "-2", "@SUM(A1)", "\tx", "plain"]
    write_notes(runtime, dangerous)
    rows = csv_rows(client.get(f"{PAGE}/csv", headers=bearer()))
    assert rows[0] == ["Tag", "Text", "Characters"]
    assert [row[1] for row in rows[1:7]] == [f"'{each}" for each in dangerous[:5]] + ["plain"]
    assert rows[7] == ["Total", "", str(sum(map(len, dangerous)))]
    answer = client.get(f"{PAGE}/xlsx", headers=bearer())
    assert "OFFICIAL - SENSITIVE.xlsx" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(answer.data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")
    assert harmless("a-b") == "a-b"


@pytest.mark.usefixtures("sixty")
def test_the_picture_holds_no_script_and_may_run_none(client: FlaskClient, bearer: Bearer) -> None:
    picture = client.get(f"{PAGE}/chart", headers=bearer())
    assert picture.mimetype == "image/svg+xml"
    assert b"<svg" in picture.data[:80]
    assert b"<script" not in picture.data
    assert "sandbox" in picture.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("sixty")
def test_a_telephone_is_given_a_narrow_picture(client: FlaskClient, bearer: Bearer) -> None:
    page = client.get(PAGE, headers=bearer()).text
    [address] = map(unescape, re.findall(r'<source media="[^"]+" srcset="([^"]+)">', page))
    wide, narrow = (client.get(one, headers=bearer()).data for one in (f"{PAGE}/chart", address))
    assert [re.search(rb"viewBox=.0 0 (\d+)", one)[1] for one in (wide, narrow)] == [b"900", b"430"]  # type: ignore[index]


def test_who_is_looked_for_stands_in_no_address_and_not_in_the_open_audit(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    page = "/notebook/reports/note-02"
    first = client.get(page, headers=bearer())
    check_page(first.text, page)
    assert "/identity/people/00000000-0000-7000-8000-000000000001" in first.text
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', first.text)
    assert token
    form = {"csrf_token": token[1], "reader": "Sam", "length": "3"}
    found = client.post(page, data=form, headers=bearer())
    assert "Readers: 1 row</caption>" in found.text
    assert "?reader" not in found.text
    assert "<img" not in found.text
    taken = client.post(f"{page}/csv", data=form, headers=bearer())
    assert csv_rows(taken)[1] == ["Sam Example", "3"]
    assert client.get(f"{page}/csv", headers=bearer()).status_code == 405
    assert client.post(f"{page}/csv", data={"reader": "Sam"}, headers=bearer()).status_code == 403
    assert client.get(f"{page}/chart", query_string={"reader": "Sam"}, headers=bearer()).status_code == 422
    assert client.get(f"{page}/chart", query_string={"length": "3"}, headers=bearer()).status_code == 200
    assert "Sam" not in str(noted(runtime))


@pytest.mark.usefixtures("sixty")
def test_the_picture_of_a_posted_report_shows_what_its_table_does(
    client: FlaskClient, bearer: Bearer
) -> None:
    """An image has an address alone, and what names nobody may stand in it; narrow or wide."""
    page = "/notebook/reports/note-02"
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', client.get(page, headers=bearer()).text)
    assert token
    found = client.post(page, data={"csrf_token": token[1], "length": "10"}, headers=bearer()).text
    narrow, wide = (
        unescape(one[1])
        for one in (
            re.search(r'srcset="([^"]+)"', found),
            re.search(r'<img class="visor-chart" src="([^"]+)"', found),
        )
        if one
    )
    assert {"length=10", "narrow=true"} <= set(narrow.partition("?")[2].split("&"))
    assert "length=10" in wide
    assert "reader" not in wide
    assert client.get(narrow, headers=bearer()).data != client.get(wide, headers=bearer()).data


def test_the_filter_and_the_function_must_agree() -> None:
    class Filter(Input):
        other = fields.String()

    report = Report("X-1", "X", (), Filter, (), lambda _work: [], "anybody", lambda _principal: True)
    with pytest.raises(TypeError, match="other"):
        declaring.declare(service, report)


def test_the_trend_is_in_the_authors_words_where_there_are_some() -> None:
    chart = Chart("Log-ons", ("Number",), list, alt=lambda points: f"Rises to {points[-1][1]}.")
    assert alt_of(chart, [("May", 1), ("June", 4)]) == "Rises to 4."


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([("May", 1, 3), ("June", 4, 3)], "On: most in June (4), least in May (1); Off: 3 in each"),
        ([("May", 2, 0)], "On: most in May (2); Off: none"),
        ([("May", None, 0), ("June", 5, 1)], "On: most in June (5); Off: most in June (1), least in May (0)"),
        ([("May", None, None)], "On: none; Off: none"),
    ],
)
def test_the_words_for_a_picture_say_nothing_twice(points: Points, says: str) -> None:
    assert alt_of(Chart("Log-ons", ("On", "Off"), list), points) == f"Log-ons. {says}."


def test_nothing_but_zeros_is_no_picture() -> None:
    assert not shows_anything([("May", 0, None), ("June", 0, 0)])
    assert shows_anything([("May", 0, 0), ("June", 0, 1)])


@pytest.mark.parametrize(
    ("points", "numbers", "empty"),
    [([("May", 7, 0), ("June", 3, 2)], {"7", "3", "2", ""}, False), ([("May", 0, 0)], set(), True)],
)
def test_a_bar_of_nothing_has_no_number_and_a_picture_of_nothing_says_so(
    points: list[tuple[str, int, int]], numbers: set[str], empty: bool
) -> None:
    svg = drawn(Chart("Log-ons", ("Did", "Did not"), list, "stacked"), points).decode()
    assert set(re.findall(r'<text[^>]*class="value"[^>]*>([^<]*)', svg)) == numbers
    assert ("Nothing to show" in svg) is empty


@pytest.mark.parametrize("kind", ["bar", "stacked"])
def test_an_axis_of_people_has_no_parts_of_one(kind: ChartKind) -> None:
    svg = drawn(Chart("Log-ons", ("Did", "Did not"), list, kind), [("May", 1, 1), ("June", 0, 1)]).decode()
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert {"0", "1"} <= texts
    assert [text for text in texts if re.fullmatch(r"\d+\.\d+", text)] == []
