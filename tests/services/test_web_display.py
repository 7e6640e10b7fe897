"""Dates, values, tables and the API's page as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum

import pytest
from markupsafe import Markup

from shared.web.api_reference import reference
from shared.web.display import Person, day, short_day, shown, when
from shared.web.tables import Column, Table


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 17, 9, 15, tzinfo=UTC), "17 November 2026 at 9:15am"),
        (datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "1 July 2026 at 2:30pm"),  # British Summer Time
        (datetime(2026, 11, 3, 14, 0, tzinfo=UTC), "3 November 2026 at 2pm"),
        (datetime(2026, 11, 3, 12, 0, tzinfo=UTC), "3 November 2026 at midday"),
        (datetime(2026, 11, 3, 0, 0, tzinfo=UTC), "3 November 2026 at midnight"),
        (datetime(2026, 11, 3, 0, 5, tzinfo=UTC), "3 November 2026 at 12:05am"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026 at 12:30am"),  # already tomorrow in London
        ("2026-11-17T09:15:00+00:00", "17 November 2026 at 9:15am"),
        (None, ""),
    ],
)
def test_a_moment_is_told_as_people_in_london_tell_it(moment: datetime | str | None, text: str) -> None:
    assert when(moment) == text


def test_days() -> None:
    assert (day(date(2026, 11, 7)), short_day("2026-11-07"), day(None)) == (
        "7 November 2026",
        "7 Nov 2026",
        "",
    )


def test_any_value_has_words() -> None:
    level = Enum("level", {"VERY_HIGH": 1})

    assert shown(value=True) == "Yes"
    assert shown(date(2026, 11, 7)) == "7 November 2026"
    assert shown(level(1)) == "Very high"
    assert shown(["a", date(2026, 11, 7)]) == "a\n7 November 2026"
    assert shown(None) == ""
    assert shown(0) == "0"


def test_markup_stays_and_text_beside_it_is_escaped() -> None:
    assert shown(Markup("<b>x</b>")) == Markup("<b>x</b>")
    assert shown([Markup("<b>x</b>"), "<i>"]) == Markup("<b>x</b><br>&lt;i&gt;")
    assert not isinstance(shown("<b>"), Markup)


def test_a_users_name_leads_to_their_card() -> None:
    assert Person("7", "Priya Raman").card_url.startswith("/identity/")


COLUMN = Column("due", "Due", sortable=True)


@pytest.mark.parametrize(
    ("sort", "state", "next_sort"),
    [
        ("", "none", "due"),
        ("due", "ascending", "-due"),
        ("-due", "descending", "due"),
        ("name", "none", "due"),
    ],
)
def test_asking_for_a_column_again_turns_it_round(sort: str, state: str, next_sort: str) -> None:
    table = Table("Tasks", [COLUMN], [], sort=sort, path="/todo", query={"kind": ["a", "b"]})

    assert table.aria_sort(COLUMN) == state
    assert table.sort_href(COLUMN) == f"/todo?kind=a&kind=b&sort={next_sort}"


def test_pages_show_both_ends_and_the_middle() -> None:
    links = Table("Tasks", [COLUMN], [], sort="due", page=5, pages=9).page_links()

    assert [each.get("number", "…") for each in links["items"]] == [1, "…", 4, 5, 6, "…", 9]
    assert [each["number"] for each in links["items"] if each.get("current")] == [5]
    assert links["previous"]["href"] == "?sort=due&page=4"
    assert links["next"]["href"] == "?sort=due&page=6"


def test_the_first_and_last_page_lead_no_further() -> None:
    assert "previous" not in Table("Tasks", [COLUMN], [], pages=2).page_links()
    assert "next" not in Table("Tasks", [COLUMN], [], page=2, pages=2).page_links()


def test_the_api_page_follows_references_and_names_the_rules() -> None:
    entry = {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "maxLength": 9},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}}
    spec = {
        "info": {"title": "records", "version": 1},
        "paths": {
            "/log": {"post": {"tags": ["Log"], "requestBody": {"content": content}, "responses": {"204": {}}}}
        },
        "components": {"schemas": {"Entry": entry}},
    }

    [group] = reference(spec).groups
    [operation] = group.operations

    assert (group.name, operation.method, operation.path, operation.anchor) == (
        "Log",
        "POST",
        "/log",
        "post-log",
    )
    assert [(each.name, each.type, each.rules) for each in operation.body] == [
        ("text", "string", "required, at most 9 characters"),
        ("tags", "list of string", ""),
    ]
    assert [(each.status, each.properties) for each in operation.answers] == [("204", [])]
