"""A small application that shows every template and macro, with the awkward cases: long words, no rows, both errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from flask import Flask, Response, render_template, request
from marshmallow import RAISE, Schema, fields, validate
from werkzeug.datastructures import MultiDict

from shared.refusals import Contact, Refusal
from shared.web import display
from shared.web.api_reference import reference
from shared.web.display import Frame, NavigationItem, Notice, Person
from shared.web.forms import PostedField, form_view, plain_errors, read_form, stale_fields
from shared.web.security_headers import secure
from shared.web.static_files import with_assets
from shared.web.tables import Column, Table

PRIYA = Person("0192f0c1-0000-7000-8000-000000000001", "Priya Raman", "Manager")
TOM = Person("0192f0c1-0000-7000-8000-000000000002", "Tom Okafor", "Supervisor")
AT = datetime(2026, 11, 17, 9, 15, tzinfo=UTC)
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
BREADCRUMBS = [("Home", "/"), ("Nominals", "/"), ("Darren Alan EXAMPLE", None)]


class Activity(Schema):
    """Every widget there is."""

    class Meta:
        unknown = RAISE

    contact = fields.String(
        required=True,
        metadata={
            "label": "Type of contact",
            "section": "What happened",
            "options": lambda _page: [("visit", "Home visit"), ("call", "Telephone call")],
        },
    )
    on = fields.Date(required=True, metadata={"label": "Date of contact"})
    at = fields.AwareDateTime(required=True, metadata={"label": "Meeting"})
    seen = fields.Boolean(
        required=True,
        metadata={"label": "Was the person seen?", "widget": "radios", "hint": "In person, not by video"},
    )
    level = fields.String(
        required=True,
        metadata={
            "label": "MAPPA level",
            "options": [("1", "Level 1", "Ordinary agency management"), ("2", "Level 2"), ("3", "Level 3")],
        },
    )
    pnc = fields.String(metadata={"label": "PNC number", "width": 10, "hint": "For example, 00/000417X"})
    markers = fields.List(
        fields.String(),
        required=True,
        metadata={"label": "Warning markers", "options": [("w", "Weapons"), ("v", "Violent")]},
    )
    aliases = fields.List(fields.String(), metadata={"label": "Other names", "hint": "One a line", "rows": 3})
    what = fields.String(
        required=True, validate=validate.Length(max=2000), metadata={"label": "What happened"}
    )
    mail = fields.Email(metadata={"label": "Email address", "section": "For the notice"})
    password = fields.String(required=True, metadata={"label": "Your password", "widget": "password"})
    file = fields.Raw(metadata={"label": "Minutes", "widget": "file", "hint": "Word, PDF or plain text"})
    important = fields.Boolean(metadata={"label": "Notify the manager"})


class Reason(Schema):
    reason = fields.String(
        required=True, validate=validate.Length(min=20, max=500), metadata={"label": "Your reason"}
    )


class Due(Schema):
    due = fields.String(
        metadata={"label": "Due", "small": True, "options": [("any", "Any time"), ("late", "Overdue")]}
    )
    kinds = fields.List(
        fields.String(),
        metadata={"label": "Kind", "options": [("grant", "Partner request"), ("log", "Activity log")]},
    )


def frame() -> Frame:
    places = [
        NavigationItem("Home", "/"),
        NavigationItem("To-do list", "/list", current=request.path == "/list", count=8, count_url="/count"),
        NavigationItem("Nominals", "/nominal", current=request.path == "/nominal"),
        NavigationItem("My access", "/refusal"),
        NavigationItem("Administration", "/confirm"),
    ]
    delayed = Notice(
        "To-do items are delayed. People can go on working; the items will arrive later, each once.",
        "Delayed",
    )
    signed_in = request.path not in {"/session-ended", "/sign-in"}
    return Frame(
        person=PRIYA if signed_in else None,
        navigation=places if signed_in else (),
        notices=[delayed] if request.path == "/list" else (),
        demonstration=request.path != "/not-found",
        home_url="/",
        sign_out_url="/",
        footer=[("Help", "/"), ("Accessibility statement", "/")],
    )


def to_do_list() -> str:
    cells = display.macros()
    rows = [
        (
            cells.link(text, f"/nominal?{n}"),
            cells.nominal_line({"name": name, "href": "/nominal", "visor_number": f"26/00{n}417"}),
            display.short_day(date(2026, 11, 17 + n)),
            cells.clause("PF-5.13"),
            cells.deadline_tag(state),
        )
        for n, (text, name, state) in enumerate(
            [
                ("Request partnership", "Darren Alan EXAMPLE", "overdue"),
                ("Look at an activity log entry", "Susan TESTCASE", "important"),
                ("Grant a partner request", LONG, "due_today"),
                ("Complete the review", "Colin SPECIMEN", "due_soon"),
                ("Read the minutes", "", "open"),
            ]
        )
    ]
    columns = [
        Column("what", "Task", sortable=True),
        Column("nominal", "Nominal", sortable=True),
        Column("due", "Due", sortable=True, nowrap=True),
        Column("clause", "Clause", nowrap=True),
        Column("state", "Status"),
    ]
    table = Table("5 of 43 open tasks", columns, rows, sort="due", page=4, pages=9, query={"due": "any"})
    filters = form_view(Due, {"due": "any", "kinds": ["log"]})
    return render_template(
        "visor/list.html", heading="To-do list", table=table, filters=filters, add=("Add a task", "/form")
    )


def search() -> str:
    cells = display.macros()
    line = {"name": "Darren Alan EXAMPLE", "href": "/nominal", "visor_number": "26/0000417", "year_of_birth": 1979,
            "unit": "Northshire Police", "cpc": TOM}  # fmt: skip
    table = Table(
        "1 nominal found",
        [Column("nominal", "Nominal", sortable=True), Column("level", "Level", numeric=True)],
        [[cells.nominal_line(line), 3]],
        sort="-nominal",
        pages=3,
        page=2,
        posted=[("name", "Exampel"), ("born", "1979")],
    )
    return render_template("visor/list.html", heading="Search results", table=table, breadcrumbs=BREADCRUMBS)


def empty() -> str:
    table = Table("Nothing", [Column("a", "A")], [], empty="No task is open.")
    return render_template(
        "visor/list.html", heading="Nothing to do", table=table, done="The partner request was granted."
    )


def nominal() -> str:
    return render_template(
        "gallery/nominal.html",
        heading="Darren Alan EXAMPLE",
        breadcrumbs=BREADCRUMBS,
        priya=PRIYA,
        tom=TOM,
        at=AT,
        long=LONG,
    )


def blank_form() -> str:
    return render_template(
        "visor/form.html",
        heading="Record an activity",
        caption="Nominal 26/0000417",
        intro=["Everybody who is partnered to the record can read this."],
        form=form_view(Activity, {"on": date(2026, 11, 17), "level": "2"}),
        button="Save the activity",
        cancel="/",
        once="k",
        version=3,
        breadcrumbs=BREADCRUMBS,
    )


def wrong_form() -> str:
    form: MultiDict[str, str] = MultiDict(
        {"on-day": "31", "on-year": "2026", "mail": "nobody", "aliases": "Daz\nAlan"}
    )
    raw = read_form(Activity, form)
    errors = plain_errors(Activity, Activity().validate(raw), raw)
    return render_template(
        "visor/form.html", heading="Record an activity", form=form_view(Activity, form, errors), button="Save"
    )


def confirm() -> str:
    return render_template(
        "visor/confirm.html",
        heading="Withdraw the terminal PRN-0417?",
        rows=[("Terminal", "PRN-0417"), ("Prison", "Exemplar"), ("Approved", AT)],
        form=form_view(Reason),
        button="Withdraw the terminal",
        kind="warning",
        cancel="/",
    )


def refused() -> str:
    contact = Contact("Central Point of Contact, Northshire", "Tom Okafor", "01632 960417", TOM.card_url)
    return render_template(
        "visor/refusal.html",
        refusal=Refusal("R14", contact=contact),
        next_steps=[("Ask to be a partner", "/form")],
    )


def stale() -> str:
    mine = {"what": "Unannounced visit.\nPerson present.", "contact": "visit", "on": date(2026, 11, 17)}
    theirs = {"what": "Visit. Nobody at home. " + LONG, "contact": "visit", "on": date(2026, 11, 18)}
    return render_template(
        "visor/stale.html",
        rows=stale_fields(Activity, mine, theirs),
        who=TOM,
        at=AT,
        form=form_view(Reason),
        version=4,
        keep_theirs="/nominal",
    )


GIVEN = [
    PostedField("_once", "Once", "k", typed=False),
    PostedField("reason", "Reason", "She was seen at the school.\n<b>Twice</b> " + LONG),
    PostedField("on-day", "Date of contact, day", "17"),
]


def api_page() -> str:
    return render_template(
        "visor/api_reference.html", heading="The records API", api=reference(SPEC), json_url="/count"
    )


PAGES: dict[str, Callable[[], str]] = {
    "list": to_do_list,
    "search": search,
    "empty": empty,
    "nominal": nominal,
    "form": blank_form,
    "form-wrong": wrong_form,
    "confirm": confirm,
    "refusal": refused,
    "stale": stale,
    "not-found": lambda: render_template("visor/not_found.html"),
    "message": lambda: render_template(
        "visor/message.html", heading="Something went wrong on our side", paragraphs=["Nothing was changed."]
    ),
    "unavailable": lambda: render_template(
        "visor/unavailable.html", posted=GIVEN, action="/form", files=["minutes.docx"]
    ),
    "unavailable-read": lambda: render_template("visor/unavailable.html", posted=[], action="/nominal"),
    "session-ended": lambda: render_template(
        "visor/session_ended.html", posted=GIVEN, action="/form", sign_in_url="/sign-in"
    ),
    "resend": lambda: render_template("visor/resend.html", posted=GIVEN, action="/form"),
    "api": api_page,
}

SPEC: dict[str, Any] = {
    "info": {"title": "records", "version": "1", "description": "What is known about each nominal."},
    "paths": {
        "/records/api/nominals/{nominal_id}/activity": {
            "parameters": [
                {
                    "name": "nominal_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "format": "uuid"},
                }
            ],
            "post": {
                "tags": ["Activity log"],
                "summary": "Add an entry (PF-5.13)",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}}
                },
                "responses": {
                    "201": {
                        "description": "Created",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}},
                    },
                    "403": {"description": "Refused"},
                },
            },
            "get": {
                "tags": ["Activity log"],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Entry"}}
                            }
                        }
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Entry": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "maxLength": 2000, "description": "What happened"},
                    "kind": {"type": "string", "enum": ["visit", "call"]},
                    "people": {"type": "array", "items": {"type": "string", "format": "uuid"}},
                },
            }
        }
    },
}


@cache
def create() -> Flask:
    """Made when a test first asks, since the assets may yet have to be built."""
    app = Flask(__name__, template_folder="templates", static_folder=None)
    display.install(app, frame)
    app.jinja_env.globals["csrf_token"] = lambda: "a-token"
    app.after_request(secure)
    for name, page in PAGES.items():
        app.add_url_rule(f"/{name}", name, page, methods=["GET", "POST"])
    app.add_url_rule(
        "/", "home", lambda: render_template("gallery/index.html", heading="Gallery", pages=list(PAGES))
    )
    app.add_url_rule("/count", "count", count)
    app.wsgi_app = with_assets(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def count() -> Response:
    """The to-do count as notifications answers it: with an ETag, so that an unchanged number costs nothing."""
    answer = Response('{"count": 9}', mimetype="application/json")
    answer.set_etag("nine")
    answer.make_conditional(request)
    return answer
