"""“Shared with”: department, what, when and by whom; intelligence with handling code C is not among it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.attachments.models import Entry
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast, Web, refusal

NOTE, LIST = "sharing.note", "sharing.list"
WHAT = "He must not share a cell with men under 25."


@pytest.fixture
def shared_cast(records: World, cast: Cast) -> Cast:
    records.partner(cast.nominal, cast.prison)
    return cast


def given(cast: Cast, **more: Any) -> dict[str, Any]:
    usual = {"nominal_id": cast.nominal, "department": "security", "what": WHAT, "shared_at": NOW.isoformat()}
    return usual | more


def intelligence(records: World, cast: Cast, code: str, who: Principal) -> UUID:
    usual: dict[str, Any] = {"folder": "intelligence", "version": 1, "grading": "intelligence-handled"}
    where = {"nominal_id": cast.nominal, "agency": who.agency, "unit": who.unit, "entered_at": NOW}
    readers = [f"agency:{who.agency}"] if code == "C" else None
    made = Entry(
        id=new_id(), **usual, **where, handling_code=code, readers=readers, state="current",
        entered_by=who.person_id, changed_at=NOW,
    )  # fmt: skip
    with records.session() as session:
        session.add(made)
        session.flush()
        made_id = made.id
        session.commit()
    return made_id


@pytest.mark.clause("PF-5.21", "PF-5.25")
def test_what_was_shared_with_whom_is_there_for_all_who_read_the_record(
    records: World, shared_cast: Cast, web: Callable[[Principal], Web]
) -> None:
    cast = shared_cast
    records.run(NOTE, cast.prison, **given(cast))
    other = {"department": "other", "department_name": "Works department"}
    records.run(NOTE, cast.prison, **given(cast, **other))
    newest, first = records.ask(LIST, cast.manager, nominal_id=cast.nominal)["sharings"]
    assert (first["department"], first["what"], first["shared_at"]) == ("security", WHAT, NOW)
    assert (first["shared_by"], first["department_name"]) == (cast.prison.person_id, None)
    assert newest["department_name"] == "Works department"
    kept = records.rows("SELECT what FROM sharing")[0][0]
    assert b"cell" not in bytes(kept)
    page = web(cast.manager).get(f"/nominals/{cast.nominal}/sharing").text
    for text in ("Security", WHAT, "Petra Prison", "1 April 2026", "Works department"):
        assert text in page
    assert "/sharing/new" in web(cast.prison).get(f"/nominals/{cast.nominal}/sharing").text
    assert (
        f'/nominals/{cast.nominal}/sharing"' in web(cast.prison).get(f"/nominals/{cast.nominal}/custody").text
    )


@pytest.mark.clause("PF-5.21", "PF-5.25")
def test_intelligence_with_handling_code_c_is_not_shared(
    records: World, shared_cast: Cast, web: Callable[[Principal], Web]
) -> None:
    cast = shared_cast
    a, c = (intelligence(records, cast, code, cast.prison) for code in ("P", "C"))
    theirs = intelligence(records, cast, "C", cast.partner)
    records.run(NOTE, cast.prison, **given(cast, reports=[str(a)]))
    for report, words in ((c, "handling code C"), (theirs, "from the list"), (new_id(), "from the list")):
        with pytest.raises(Invalid) as wrong:
            records.run(NOTE, cast.prison, **given(cast, reports=[str(a), str(report)]))
        assert words in wrong.value.errors["reports"][0]
    form = web(cast.prison).get(f"/nominals/{cast.nominal}/sharing/new").text
    assert str(a) in form
    assert str(c) not in form
    assert str(theirs) not in form


def test_bad_input_and_who_may_not(records: World, shared_cast: Cast) -> None:
    cast = shared_cast
    for changes, field in (
        ({"department": "other"}, "department_name"),
        ({"shared_at": (NOW + timedelta(hours=1)).isoformat()}, "shared_at"),
    ):
        with pytest.raises(Invalid) as wrong:
            records.run(NOTE, cast.prison, **given(cast, **changes))
        assert list(wrong.value.errors) == [field]
    assert refusal(records, NOTE, cast.stranger, **given(cast)).code == "R14"
    assert refusal(records, LIST, cast.stranger, nominal_id=cast.nominal).code == "R13"


def test_the_form(shared_cast: Cast, web: Callable[[Principal], Web]) -> None:
    path = f"/nominals/{shared_cast.nominal}/sharing/new"
    typed = {"department": "visits", "what": WHAT, "department_name": ""}
    at = {"shared_at-day": "1", "shared_at-month": "4", "shared_at-year": "2026", "shared_at-time": "9:00"}
    wrong = web(shared_cast.prison).fill(path, **typed | {"what": " "}, **at)
    assert wrong.status_code == 422
    assert web(shared_cast.prison).fill(path, **typed, **at).status_code == 303
