"""What the services declare, looked at before anybody asks for it."""

from __future__ import annotations

import services.records.capabilities  # noqa: F401 - declares what records can do
from services.records.service import service as records
from shared.declarations import Declarations

RECORDS = records.declarations


def without_words(declared: Declarations) -> list[str]:
    return [
        f"{name}: say what is read, with a page's title or reads=…"
        for name, one in declared.queries.items()
        if "<uuid:nominal_id>" in one.path and not one.words
    ]


def test_whoever_asks_who_looked_at_a_record_reads_what_they_looked_at() -> None:
    assert without_words(RECORDS) == []


def test_a_look_is_named_by_its_declaration_its_page_or_the_form_that_was_opened() -> None:
    assert RECORDS.words("nominals.summary") == "Summary"
    assert RECORDS.words("meetings.list") == "MAPP meetings"
    form = RECORDS.commands["meetings.record"].form
    assert form is not None
    assert RECORDS.words("meetings.record.form") == form.title
    assert RECORDS.words("meetings.of_long_ago") == ""
