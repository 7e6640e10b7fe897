"""The reports of this service, each whole: a table, a picture, and the same rows as CSV and as a workbook."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from sqlalchemy import String, column, select, values

from services.records.service import service
from shared.access.principal import Principal
from shared.reports.tallying import tallied
from shared.work import Work
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web

CODES = [
    "RPT-05",
    "RPT-06",
    "RPT-06-AUDITS",
    "RPT-07",
    "RPT-10",
    "RPT-10-AREAS",
    "RPT-11",
    "RPT-12",
    "RPT-13",
    "RPT-14",
    "RPT-15",
    "RPT-16",
    "RPT-24",
    "RPT-28",
    "RPT-29",
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.usefixtures("records")
def test_each_report_has_its_table_picture_and_files(
    cast: Cast, web: Callable[[Principal], Web], code: str
) -> None:
    report, cpc = service.reports[code], web(cast.cpc)
    assert cpc.get(report.path).status_code == 200
    picture = cpc.http.get(f"/records{report.path}/chart")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    columns = [column.text for column in report.columns]
    told = cpc.http.get(f"/records/api{report.path}").json()
    lines = list(csv.reader(StringIO(cpc.http.get(f"/records{report.path}/csv").content.decode("utf-8-sig"))))
    assert lines[0] == columns
    assert len(lines) >= 1 + told["total"]
    book = cpc.http.get(f"/records{report.path}/xlsx").content
    with zipfile.ZipFile(BytesIO(book)) as opened:
        words = opened.read("xl/sharedStrings.xml").decode()
    assert all(f">{text}<" in words for text in columns)


def test_a_picture_shows_the_twenty_with_the_most_rows(records: World, cast: Cast) -> None:
    """The busiest first; those of nobody known are said so."""
    columns = (column("unit", String), column("state", String))
    rows = [(f"unit {number:02}", "open") for number in range(24) for _ in range(number)]
    said = values(*columns, name="said").data([*rows, *[(None, "shut")] * 30, ("unit 23", "shut")])
    with records.session() as session:
        found = tallied(
            Work(records.runtime, session, cast.cpc, "a test"),
            select(said),
            "unit",
            "state",
            ("open", "shut"),
        )
    assert found[:3] == [("Not known", 0, 30), ("unit 23", 23, 1), ("unit 22", 22, 0)]
    assert len(found) == 20
