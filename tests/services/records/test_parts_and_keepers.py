"""What other capabilities add to the summary, and who keeps rows by nominal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import LargeBinary, inspect
from sqlalchemy.orm import Mapper

from services.records.nominals import parts
from services.records.nominals.keepers import (
    EXEMPT,
    export_rows,
    keep,
    keepers,
    merge_rows,
    move_rows,
    purge_rows,
)
from services.records.nominals.models import Marker
from services.records.nominals.owners import Place
from services.records.service import Base
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World, again
from tests.services.records.conftest import Web


@pytest.fixture
def no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PARTS", {name: [] for name in parts.ORDER})


@pytest.mark.usefixtures("no_parts")
def test_the_page_shows_the_parts_and_the_api_asks_for_none(
    records: World, web: Callable[[Any], Web], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = records.person(LEEDS, "manager", "partner")
    nominal = records.nominal(manager_id=anna.person_id)
    asked: list[str] = []

    def give(name: str, what: dict[str, Any] | None) -> None:
        def part(_work: Any, record: Any) -> dict[str, Any] | None:
            assert record.id == nominal
            asked.append(name)
            return what

        parts.summary_part(name)(part)

    give("photograph", {"src": "/assets/images/icon.svg", "alt": "Photograph of 3 March 2026"})
    give("warning_markers", {"markers": [{"text": "Firearms", "detail": "owns a shotgun"}], "href": None})
    give(
        "risk",
        {
            "rows": [("Signed off", "By her supervisor")],
            "link": "Risk assessments",
            "href": "/records/search",
        },
    )
    give("minimum_dataset", {"held": 7, "wanted": 9, "missing": ["Photograph", "Address"]})
    give("next_deadline", None)
    give("places", {"text": "Attachments of this nominal", "href": "/records/search"})
    give("places", None)

    page = web(anna).get(f"/nominals/{nominal}").text
    for shown in (
        "Photograph of 3 March 2026",
        "owns a shotgun",
        "By her supervisor",
        "Risk assessments",
        "7 of 9 held",
        "Attachments of this nominal",
        "See deadlines",
    ):
        assert shown in page
    assert asked == [
        "photograph",
        "warning_markers",
        "risk",
        "next_deadline",
        "minimum_dataset",
        "places",
        "places",
    ]
    asked.clear()
    answer = web(again(anna)).get(f"/api/nominals/{nominal}").json()
    assert answer["nominal_id"] == str(nominal)
    assert asked == []
    assert web(again(anna)).get(f"/api/nominals/{nominal}/front-page").status_code == 200
    assert asked == []


@pytest.mark.usefixtures("no_parts")
def test_a_part_is_given_once_and_known() -> None:
    parts.summary_part("photograph")(lambda _work, _record: None)
    with pytest.raises(ValueError, match="already"):
        parts.summary_part("photograph")(lambda _work, _record: None)
    with pytest.raises(ValueError, match="no part 'weather'"):
        parts.summary_part("weather")(lambda _work, _record: None)


def test_every_table_of_nominals_is_registered_or_exempt() -> None:
    """Add a `keep(...)` to a module `keeping.py` of the capability (nominals/keepers.py says how)."""
    registered = {one.name for one in keepers()}
    of_nominals = {table.name for table in Base.metadata.tables.values() if "nominal_id" in table.c}
    mapped = {mapper.local_table.name for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    unkept = of_nominals & mapped - registered - EXEMPT.keys()
    assert unkept == set(), (
        "a merge, an export and a deletion pass it by: keep(…) it in its capability's keeping.py"
    )
    assert EXEMPT.keys() & registered == set()


def test_every_sealed_column_of_a_registered_table_is_named() -> None:
    for one in keepers():
        mapper: Mapper[Any] = inspect(one.table)
        bytes_of = {column.name for column in mapper.columns if isinstance(column.type, LargeBinary)}
        if one.export is None:
            assert bytes_of == set(one.sealed), f"{one.name}: say for what each is encrypted"


def test_a_table_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        keep(Marker)


def test_rows_are_merged_exported_and_purged(records: World) -> None:
    anna = records.person(LEEDS, "manager", "partner")
    prison = records.person(PRISON, "partner")
    one = records.nominal(manager_id=anna.person_id, partners=(prison,), aliases=("Daz Example",))
    other = records.nominal(surname="Other", partners=(prison,), numbers={"noms": "A0002AA"})
    with records.session() as session:
        session.add_all(
            Marker(nominal_id=id, code=code)
            for id, code in ((one, "drugs"), (other, "drugs"), (one, "weapons"))
        )
        session.commit()
    records.run(
        "activity_log.add", anna, nominal_id=one, kind="risk", text="Seen near the school.", for_attention=[]
    )

    with records.runtime.system_work("test.whole_records") as work:
        exported = export_rows(work, one)
        assert [row["text"] for row in exported["activity_entry"]] == ["Seen near the school."]
        assert {row["code"] for row in exported["warning_marker"]} == {"drugs", "weapons"}

        merged = merge_rows(work, one, other)
        assert merged["activity_entry"] == merged["warning_marker"] == merged["nominal_name"] == 1
        assert merged["partnership"] == 0, "the prison's officer is a partner of the other already"
        after = export_rows(work, other)
        entry = after["activity_entry"][0]
        assert (entry["text"], entry["origin_nominal_id"]) == ("Seen near the school.", one)
        assert [row["kind"] for row in after["nominal_name"]].count("main") == 1

        place = Place(LEEDS, WEST_YORKSHIRE, "probation-service", "ENG")
        move_rows(work, other, place, place)
        purged = purge_rows(work, other)
        assert purged["activity_entry"] == purged["partnership"] == purged["nominal_identifier"] == 1
        assert not any(export_rows(work, other).values())
