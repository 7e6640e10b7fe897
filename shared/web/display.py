"""How pages show things: dates, names, states, and the frame around every page.

`install(app, frame)` makes the templates of shared/web and the GOV.UK macros known to a Flask application.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from shared.clock import LONDON
from shared.reference.glossary import term, terms_on
from shared.time.periods import Period
from shared.time.words import in_words, lasting
from shared.web.card_url import CARD_URL
from shared.web.static_files import asset_url

if TYPE_CHECKING:
    from flask import Flask

TEMPLATES = Path(__file__).with_name("templates")
NOON = 12


@dataclass(frozen=True)
class Person:
    """A user, never a nominal. Their name links to their white-pages card."""

    person_id: UUID | str
    name: str
    role: str = ""

    @property
    def card_url(self) -> str:
        return CARD_URL.format(person_id=self.person_id)

    @property
    def link(self) -> Markup:
        """The name with its link, for text that is put together in Python."""
        return Markup('<a class="govuk-link visor-person" href="{}">{}</a>').format(self.card_url, self.name)


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the service navigation. `count` shows as a badge, which `count_url` keeps fresh."""

    text: str
    href: str
    current: bool = False
    count: int = 0
    count_url: str | None = None


@dataclass(frozen=True)
class Notice:
    """Something the whole system has to say: "To-do items are delayed". `kind` as in MoJ's alert."""

    text: str
    title: str = "Notice"
    kind: str = "warning"


@dataclass(frozen=True)
class Frame:
    """What stands around a page: who is signed in, where they may go, and what the system has to say."""

    person: Person | None = None
    navigation: Sequence[NavigationItem] = ()
    notices: Sequence[Notice] = ()
    demonstration: bool = False
    training: bool = False
    home_url: str = "/"
    sign_out_url: str = "/identity/sign-out"
    footer: Sequence[tuple[str, str]] = field(
        default=(("Help", "/identity/help"), ("Accessibility statement", "/identity/accessibility"))
    )


def when(moment: datetime | str | None) -> str:
    """London's time, as in "17 November 2026 at 9:15am"; `moment` is aware, or ISO text."""
    if not moment:
        return ""
    local = (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(LONDON)
    return f"{day(local)} at {clock_time(local)}"


def as_period(text: str | None) -> str:
    """A period as it is kept, in words: "8 calendar months before"."""
    return Period.parse(text).words if text else ""


def clock_time(local: datetime) -> str:
    if local.minute == 0 and local.hour in {0, NOON}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % NOON or NOON}{minutes}{'am' if local.hour < NOON else 'pm'}"


def day(value: date | str | None) -> str:
    """As in "17 November 2026"."""
    if not value:
        return ""
    made = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return in_words(made)


def short_day(value: date | str | None) -> str:
    """As in "17 Nov 2026", for the columns of a table."""
    if not value:
        return ""
    made = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{made.day} {made:%b %Y}"


def shown(value: Any) -> str:
    """Any value as text for people: dates in words, yes and no, lists line by line, markup as it is."""
    if hasattr(value, "__html__"):
        return escape(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Enum):
        return value.name.replace("_", " ").capitalize()
    if isinstance(value, list | tuple | set | frozenset):
        return lines([shown(each) for each in value])
    return "" if value is None else str(value)


def lines(texts: Sequence[str]) -> str:
    """One below the other; where one of them is markup the whole is, the others escaped."""
    return Markup("<br>").join(texts) if any(isinstance(text, Markup) for text in texts) else "\n".join(texts)


def macros() -> Any:
    """The macros of `visor/macros.html` as functions, for cells made in Python: `macros().link(text, href)`."""
    return current_app.jinja_env.get_template("visor/macros.html").module


def install(app: Flask, frame: Callable[[], Frame] = Frame) -> None:
    """Adds loaders, filters and globals; `frame` is asked once a page, within its request.

    Jinja's undefined stays the lenient one: a strict one breaks every GOV.UK macro.
    """
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    own = [app.jinja_loader] if app.jinja_loader else []
    app.jinja_loader = ChoiceLoader([*own, FileSystemLoader(TEMPLATES), govuk])
    app.jinja_env.filters.update(when=when, day=day, short_day=short_day, shown=shown, lasting=lasting)
    app.jinja_env.filters.update(as_period=as_period)
    app.jinja_env.globals.update(asset_url=asset_url, glossary_term=term, glossary_terms_on=terms_on)
    app.context_processor(lambda: {"frame": frame()})
