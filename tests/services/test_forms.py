"""A schema becomes a form and a posted form becomes a schema's input, without losing or guessing anything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from shared.refusals import Invalid
from shared.web.forms import (
    Choice,
    Finder,
    describe,
    form_view,
    hidden_fields,
    load_form,
    plain_errors,
    posted_fields,
    read_form,
)

BORN = {"dob-day": "3", "dob-month": "4", "dob-year": "1979"}


class Level(Enum):
    LOW = "low"
    VERY_HIGH = "very_high"


class Referral(Schema):
    class Meta:
        unknown = RAISE

    surname = fields.String(required=True, metadata={"label": "Surname", "width": 20})
    dob = fields.Date(required=True, metadata={"label": "Date of birth"})
    category = fields.Integer(
        required=True, validate=validate.OneOf([1, 2, 3]), metadata={"label": "MAPPA category"}
    )
    markers = fields.List(
        fields.String(), metadata={"label": "Markers", "options": [("w", "Weapons"), ("v", "Violent")]}
    )
    aliases = fields.List(fields.String(), metadata={"label": "Other names"})
    level = fields.Enum(Level, by_value=True, metadata={"label": "Risk level"})
    met_at = fields.AwareDateTime(metadata={"label": "Meeting"})
    secure = fields.Boolean(required=True, metadata={"label": "The office is secure"})
    urgent = fields.Boolean(metadata={"label": "Urgent"})
    note = fields.String(allow_none=True, validate=validate.Length(max=300), metadata={"label": "Note"})
    pnc = fields.String(metadata={"label": "PNC number"})


def posted(**more: str) -> MultiDict[str, str]:
    return MultiDict({"surname": "Example", **BORN, "category": "2", "secure": "true", **more})


def component(name: str, **given: Any) -> dict[str, Any]:
    view = form_view(Referral, **given)
    return next(each.params for each in view.components if each.params.get("name") == name)


def test_widgets_follow_from_the_types() -> None:
    assert {item.name: item.widget for item in describe(Referral)} == {
        "surname": "text",
        "dob": "date",
        "category": "radios",
        "markers": "checkboxes",
        "aliases": "lines",
        "level": "radios",
        "met_at": "datetime",
        "secure": "checkbox",
        "urgent": "checkbox",
        "note": "textarea",
        "pnc": "text",
    }


def test_a_field_nobody_can_draw_is_refused_at_once() -> None:
    class Odd(Schema):
        inner = fields.Nested(Referral)

    with pytest.raises(TypeError, match="inner"):
        describe(Odd)


def test_what_was_posted_loads_as_if_it_were_json() -> None:
    form = posted(
        **{"met_at-day": "1", "met_at-month": "July", "met_at-year": "2026", "met_at-time": "2.30pm"}
    )
    form.setlist("markers", ["w", "v"])
    form["aliases"] = "Daz Sample\r\n\r\n Alan Specimen "
    form["level"] = "very_high"

    assert load_form(Referral, form) == {
        "surname": "Example",
        "dob": date(1979, 4, 3),
        "category": 2,
        "secure": True,
        "urgent": False,
        "markers": ["w", "v"],
        "aliases": ["Daz Sample", "Alan Specimen"],
        "level": Level.VERY_HIGH,
        "met_at": datetime(2026, 7, 1, 13, 30, tzinfo=UTC),  # British Summer Time
        "note": None,
    }


def test_blank_text_is_no_answer_but_empties_what_may_be_empty() -> None:
    raw = read_form(Referral, posted(surname="  ", pnc=" ", note=" "))

    assert "surname" not in raw
    assert "pnc" not in raw
    assert raw["note"] is None


def test_hidden_fields_are_kept_apart() -> None:
    form = posted(csrf_token="t", _once="k", version="7")

    assert not {"csrf_token", "_once", "version"} & set(read_form(Referral, form))
    assert (hidden_fields(form).once, hidden_fields(form).version) == ("k", 7)
    assert hidden_fields(posted(version="7; drop")).version is None


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        load_form(Referral, posted(owner="me"))

    assert refused.value.errors == {"owner": ["‘owner’ is not asked for here"]}


@pytest.mark.parametrize("part", ["dob-hour", "dob-day-extra"])
def test_an_unknown_part_of_a_date_is_refused(part: str) -> None:
    with pytest.raises(Invalid):
        load_form(Referral, posted(**{part: "1"}))


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("", "", "", "Enter the date of birth"),
        ("3", "", "1979", "Date of birth must include a month"),
        ("", "4", "", "Date of birth must include a day and a year"),
        ("31", "2", "1979", "Date of birth must be a real date"),
        ("3", "4", "79", "Date of birth must have a year of 4 numbers"),
        ("three", "4", "1979", "Date of birth must be a real date"),
        ("3-4", "4", "1979", "Date of birth must be a real date"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(day: str, month: str, year: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_form(Referral, posted(**{"dob-day": day, "dob-month": month, "dob-year": year}))

    assert refused.value.errors == {"dob": [message]}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("1", "7", "2026", ""), "Meeting must include a time"),
        (("", "", "", "9:15am"), "Meeting must include a day and a month and a year"),
        (("1", "7", "2026", "25:00"), "Meeting must have a time like 9:15am or 21:15"),
        (("31", "6", "2026", "21:15"), "Meeting must be a real date"),
    ],
)
def test_a_wrong_time_says_what_is_wrong(parts: tuple[str, ...], message: str) -> None:
    names = ("met_at-day", "met_at-month", "met_at-year", "met_at-time")
    with pytest.raises(Invalid) as refused:
        load_form(Referral, posted(**dict(zip(names, parts, strict=True))))

    assert refused.value.errors == {"met_at": [message]}


def test_every_message_is_plain_english() -> None:
    with pytest.raises(Invalid) as refused:
        load_form(Referral, MultiDict({"category": "9", "note": "x" * 301, "level": "odd"}))

    assert refused.value.errors == {
        "surname": ["Enter the surname"],
        "dob": ["Enter the date of birth"],
        "category": ["Select the MAPPA category from the list"],
        "secure": ["Tick ‘The office is secure’ to continue"],
        "note": ["Note must be 300 characters or fewer"],
        "level": ["Select the risk level from the list"],
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (fields.Integer(), "x", "Size must be a whole number"),
        (fields.Integer(validate=validate.Range(1, 9)), 0, "Size must be between 1 and 9"),
        (fields.Integer(validate=validate.Range(max=9)), 10, "Size must be 9 or less"),
        (fields.Integer(validate=validate.Range(1)), 0, "Size must be 1 or more"),
        (fields.Float(), "x", "Size must be a number"),
        (fields.Email(), "x", "Enter an email address in the correct format, like name@example.com"),
        (fields.UUID(), "x", "Select the size from the list"),
        (fields.String(validate=validate.Length(min=20)), "x", "Size must be 20 characters or more"),
        (
            fields.String(validate=validate.Length(min=2, max=4)),
            "x",
            "Size must be between 2 and 4 characters",
        ),
        (fields.String(validate=validate.Length(equal=4)), "x", "Size must be 4 characters"),
        (fields.String(validate=validate.Regexp("a")), "x", "Enter the size in the correct format"),
        (fields.Boolean(), "x", "Select the size from the list"),
        (fields.String(required=True, error_messages={"required": "Say how large"}), None, "Enter the size"),
    ],
)
def test_marshmallows_own_messages_are_all_known(
    field: fields.Field[Any], value: object, message: str
) -> None:
    schema = Schema.from_dict({"size": field})()

    with pytest.raises(ValidationError) as error:
        schema.load({"size": value})

    assert plain_errors(schema, error.value.messages_dict) == {"size": [message]}


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("PNC number", "Enter the PNC number"),
        ("Your password", "Enter your password"),
        ("What happened", "Enter what happened"),
        ("Was the person seen?", "Answer ‘Was the person seen?’"),
    ],
)
def test_a_missing_answer_is_asked_for_by_its_label(label: str, message: str) -> None:
    schema = Schema.from_dict({"it": fields.String(required=True, metadata={"label": label})})()

    assert plain_errors(schema, schema.validate({})) == {"it": [message]}


def test_a_schemas_own_words_are_kept() -> None:
    schema = Schema.from_dict(
        {"seen": fields.String(required=True, error_messages={"required": "Select yes if seen"})}
    )()

    assert plain_errors(schema, schema.validate({})) == {"seen": ["Select yes if seen"]}


def test_what_was_typed_is_shown_again_with_its_errors() -> None:
    form = posted(surname="<b>Ex", **{"dob-day": "31", "dob-month": "", "dob-year": "79"})
    form.setlist("markers", ["v"])

    shown = {"values": form, "errors": {"dob": ["Date of birth must include a month"]}}

    assert component("surname", **shown)["value"] == "<b>Ex"
    assert [each["checked"] for each in component("markers", **shown)["items"]] == [False, True]
    born = component("dob", **shown)
    assert [each["value"] for each in born["items"]] == ["31", "", "79"]
    assert ["error" in each["classes"] for each in born["items"]] == [False, True, False]
    assert born["errorMessage"] == {"text": "Date of birth must include a month"}


def test_the_summary_links_to_where_the_focus_can_go() -> None:
    errors = {
        "_schema": ["Both are needed"],
        "secure": ["Tick it"],
        "dob": ["Enter the date of birth"],
        "category": ["Pick"],
    }

    view = form_view(Referral, MultiDict(), errors)

    assert [(each.text, each.href) for each in view.errors] == [
        ("Enter the date of birth", "#dob-day"),
        ("Pick", "#category"),
        ("Tick it", "#secure"),
        ("Both are needed", None),
    ]


def test_a_records_own_values_fill_the_form() -> None:
    values = {
        "surname": "Example",
        "dob": date(1979, 4, 3),
        "met_at": datetime(2026, 7, 1, 13, 30, tzinfo=UTC),
        "level": Level.VERY_HIGH,
        "secure": True,
        "aliases": ["A", "B"],
        "note": None,
    }

    assert component("surname", values=values)["value"] == "Example"
    assert [each["value"] for each in component("dob", values=values)["items"]] == ["3", "4", "1979"]
    assert [each["value"] for each in component("met_at", values=values)["items"]] == [
        "1",
        "7",
        "2026",
        "14:30",
    ]
    assert [each["checked"] for each in component("level", values=values)["items"]] == [False, True]
    assert component("secure", values=values)["items"][0]["checked"]
    assert component("aliases", values=values)["value"] == "A\nB"
    assert component("note", values=values)["value"] == ""


def test_what_a_form_shows_it_reads_back_unchanged() -> None:
    values = {"surname": "Example", "dob": date(1979, 4, 3), "category": 2, "secure": True, "urgent": True,
              "markers": ["v"], "aliases": ["A", "B"], "level": Level.LOW, "note": "n", "pnc": "p",
              "met_at": datetime(2026, 11, 1, 9, 5, tzinfo=UTC)}  # fmt: skip
    form: MultiDict[str, str] = MultiDict()
    for each in form_view(Referral, values).components:
        params = each.params
        for item in params.get("items", []):
            if "namePrefix" in params:
                form.add(f"{params['name']}-{item['name']}", item["value"])
            elif item["checked"]:
                form.add(params["name"], item["value"])
        if "value" in params:
            form.add(params["name"], params["value"])

    assert load_form(Referral, form) == values


def test_options_may_depend_on_the_page() -> None:
    class Choose(Schema):
        unit = fields.UUID(
            required=True, metadata={"label": "Unit", "options": lambda context: [(context["unit"], "Leeds")]}
        )

    unit = UUID(int=7)
    [select] = form_view(Choose, {"unit": unit}, context={"unit": unit}).components

    assert select.macro == "govukSelect"
    assert select.params["items"][1] == {"value": str(unit), "text": "Leeds"}
    assert select.params["value"] == str(unit)


def test_secrets_are_never_given_back() -> None:
    form = MultiDict(
        {"csrf_token": "t", "person": "p", "password": "s", "one_time_code": "123456", "reason": "a\nb"}
    )

    assert [(each.name, each.label, each.value) for each in posted_fields(form)] == [
        ("person", "Person", "p"),
        ("reason", "Reason", "a\nb"),
    ]


def test_what_is_given_back_has_the_labels_of_its_schema() -> None:
    form = posted(_once="k", unit="0192f0c1-0000-7000-8000-000000000001", extra="more")

    fields_shown = [(each.label, each.value) for each in posted_fields(form, Referral) if each.typed]

    assert fields_shown == [
        ("Surname", "Example"),
        ("Date of birth, day", "3"),
        ("Date of birth, month", "4"),
        ("Date of birth, year", "1979"),
        ("Extra", "more"),
    ]
    assert {each.name for each in posted_fields(form, Referral)} == set(form)


def test_a_password_is_taken_to_the_letter_and_never_shown() -> None:
    class SignIn(Schema):
        password = fields.String(required=True, metadata={"label": "Password", "widget": "password"})

    form = MultiDict({"password": " a b "})

    assert read_form(SignIn, form) == {"password": " a b "}
    assert "value" not in form_view(SignIn, form).components[0].params


PLACES = [
    Choice("pdu-1", "Leeds", "Delivery unit in West Yorkshire, pdu-1"),
    Choice("prison-1", "Leeds", "Prison, prison-1"),
    Choice("pdu-2", "Leeds North", "Delivery unit, pdu-2"),
    *(Choice(f"office-{number}", f"Office {number}", "Office") for number in range(40)),
]


def places(text: str, most: int) -> list[Choice]:
    wanted = text.casefold()
    return [one for one in PLACES if wanted in one.text.casefold() or wanted == one.value][:most]


class Move(Schema):
    class Meta:
        unknown = RAISE

    unit = fields.String(
        required=True, validate=validate.Length(max=10), metadata={"finder": Finder(places, "unit")}
    )
    desk = fields.String(
        allow_none=True, metadata={"finder": Finder(lambda _text, most: PLACES[:3][:most], "desk")}
    )
    why = fields.String(required=True)


def move(**form: str) -> MultiDict[str, str]:
    return MultiDict({"why": "Promotion", **{name.replace("_", "-"): text for name, text in form.items()}})


def found(
    form: MultiDict[str, str], errors: dict[str, list[str]] | None = None
) -> tuple[list[str], str, str]:
    """Names that are offered, the value that is chosen, and what the page says."""
    (params,) = [each.params for each in form_view(Move, form, errors).components if each.macro == "find"]
    chosen = next((item["value"] for item in params["items"] if item.get("checked")), "")
    return [item["text"] for item in params["items"]], chosen, params["said"]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (move(unit="pdu-2"), "pdu-2"),  # from a list, or by a program
        (move(unit_find="PDU-2"), "pdu-2"),
        (move(unit_find=" leeds north "), "pdu-2"),
        (move(unit="prison-1", unit_find="leeds", unit_for="leeds"), "prison-1"),
        (move(unit="prison-1", unit_find="leeds north", unit_for="leeds"), "pdu-2"),  # typed anew since
    ],
)
def test_one_of_many_is_taken_by_choice_or_by_its_whole_name(form: MultiDict[str, str], value: str) -> None:
    assert load_form(Move, form) == {"unit": value, "desk": None, "why": "Promotion"}


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (move(), "Choose the unit"),
        (move(unit_find="leeds"), "Choose the unit from what was found"),  # two are called so
        (move(unit_find="nort"), "Choose the unit from what was found"),
        (move(unit="", unit_find="leeds", unit_for="leeds"), "Choose the unit from what was found"),
        (move(unit_find="Atlantis"), "No unit was found for ‘Atlantis’"),
        (move(unit_find="Leeds\x00"), "No unit was found for ‘Leeds\x00’"),
        (move(unit="much too long a code"), "Unit must be 10 characters or fewer"),
    ],
)
def test_what_names_nothing_yet_is_asked_for_with_everything_typed_kept(
    form: MultiDict[str, str], message: str
) -> None:
    del form["why"]
    with pytest.raises(Invalid) as wrong:
        load_form(Move, form)
    assert wrong.value.errors == {"unit": [message], "why": ["Enter why"]}
    view = form_view(Move, form, wrong.value.errors)
    (params,) = [each.params for each in view.components if each.macro == "find"]
    assert params["typed"] == form.get("unit-find", "")
    assert params["errorMessage"] == {"text": message}
    assert view.errors[0].href == ("#unit" if params["items"] else "#unit-find")


def test_what_was_found_is_shown_to_choose_from() -> None:
    assert found(move(unit_find="leeds")) == (
        ["Leeds", "Leeds", "Leeds North"],
        "",
        "3 were found. Choose one.",
    )
    assert found(move(unit_find="north")) == (["Leeds North"], "pdu-2", "1 was found.")
    assert found(move(unit_find="pdu-1")) == (["Leeds"], "pdu-1", "1 was found.")
    assert found(move(unit="prison-1", unit_find="leeds", unit_for="leeds"))[1] == "prison-1"
    assert found(move(unit="pdu-1", unit_find="north", unit_for="leeds"))[1] == "pdu-2"
    names, chosen, said = found(move(unit_find="office"))
    assert (len(names), chosen) == (15, "")
    assert said.startswith("More than 15 were found.")
    assert found(move(unit_find="x")) == ([], "", "Nothing was found for ‘x’.")


def test_a_records_own_value_is_shown_by_its_name() -> None:
    view = form_view(Move, {"unit": "pdu-2", "desk": "pdu-1"})
    find, desk, _ = view.components
    assert [(item["text"], item["checked"]) for item in find.params["items"]] == [("Leeds North", True)]
    assert (desk.macro, desk.params["value"]) == ("govukSelect", "pdu-1")
    assert [item["text"] for item in desk.params["items"]] == [
        "Choose",
        "Leeds (pdu-1)",
        "Leeds (prison-1)",
        "Leeds North (pdu-2)",
    ]
    assert view.finds


def test_few_are_a_list_and_what_must_be_given_are_radios() -> None:
    class Seat(Schema):
        desk = fields.String(
            required=True, metadata={"finder": Finder(lambda _text, most: PLACES[:3][:most], "desk")}
        )

    (desk,) = form_view(Seat, {"desk": "pdu-2"}).components
    assert desk.macro == "govukRadios"
    assert [item["checked"] for item in desk.params["items"]] == [False, False, True]
    with pytest.raises(Invalid) as wrong:
        load_form(Seat, MultiDict())
    assert wrong.value.errors == {"desk": ["Choose the desk"]}


def test_what_was_typed_to_find_somebody_is_given_back() -> None:
    given = posted_fields(move(unit="pdu-1", unit_find="leeds", unit_for="leeds") | {"_find": "unit"}, Move)
    assert [(one.name, one.label, one.typed) for one in given] == [
        ("why", "Why", True),
        ("unit", "Unit", False),
        ("unit-find", "Unit", True),
        ("unit-for", "Unit", False),
        ("_find", " find", False),
    ]


class Listed(Schema):
    due = fields.String(load_default="any", metadata={"options": [("any", "Any time"), ("late", "Overdue")]})
    important = fields.Boolean(load_default=False, metadata={"widget": "checkbox"})
    kinds = fields.List(fields.String(), load_default=list, metadata={"options": [("log", "Log")]})
    since = fields.Date(load_default=None, allow_none=True)
    page = fields.Integer(load_default=1, metadata={"widget": "hidden"})


@pytest.mark.parametrize(
    ("values", "many"),
    [
        ({"due": "any"}, 0),
        ({"due": "any", "important": False, "kinds": [], "since": None, "page": 7}, 0),
        ({"due": "late", "important": True}, 2),
        ({"due": "any", "kinds": ["log"], "since": date(2026, 3, 2)}, 2),
        (MultiDict([("due", "any"), ("since-day", ""), ("since-month", ""), ("since-year", "2")]), 1),
    ],
)
def test_a_filter_says_how_much_of_it_is_set(values: Any, many: int) -> None:
    assert form_view(Listed, values).set_otherwise == many
