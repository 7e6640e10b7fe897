"""What stands around every page: who is signed in, where they may go, what the system has to say."""

from __future__ import annotations

from flask import request

from shared.access.principal import Principal
from shared.environment import TRAINING, environment
from shared.web import guard
from shared.web.display import Frame, NavigationItem, Notice, Person

# Tokens that open records; `admin` gives no nominal data.
LIVE = frozenset({"partner", "create", "manager", "supervisor", "lpc", "central_support", "cpc"})
# What it is called, where it is, and the tokens of those whom it concerns (nobody's name: everybody).
_PLACES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("To-do list", "/notifications/todo", frozenset()),
    ("Nominals", "/records/nominals", LIVE),
    ("Search", "/records/search", LIVE),
    ("Requests", "/records/partnership/requests", LIVE),
    ("Deadlines", "/notifications/deadlines", frozenset({"lpc", "cpc"})),
    ("Bulk partner", "/records/bulk-partner", frozenset({"cpc", "central_support"})),
    ("White pages", "/identity/people", frozenset()),
    ("My access", "/identity/my-access", frozenset()),
    ("Console", "/identity/consoles", frozenset({"cpc", "central_support", "lpc", "admin"})),
    ("National policy", "/identity/policy", frozenset({"admin"})),
    ("System health", "/identity/system/health", frozenset({"admin"})),
)
# The roles, without a token, whom a place concerns as well.
_ROLES = {
    "/identity/consoles": (
        "visor_lead",
        "governor",
        "prison_group_director",
        "head_of_public_protection",
        "regional_probation_director",
        "spo",
        "sro",
    )
}
_COUNT_URL = "/notifications/api/todo/count"
DELAYED = "To-do items are delayed. People can go on working; the items will arrive later, each once."


def frame() -> Frame:
    """The frame of the page being answered; asks no database but for what is already read."""
    try:
        known = guard.principal()
    except Exception:  # noqa: BLE001 - the frame must stand whatever is down
        return Frame(training=_training())
    runtime = guard.runtime()
    if known.issuer == "nobody":
        return Frame(demonstration=_demonstration(), training=_training())
    person = Person(known.person_id, known.name)
    places = _navigation(known) if known.scope == "full" else ()
    return Frame(
        person, places, tuple(runtime.extras.get("notices", lambda: ())()), _demonstration(), _training()
    )


def _navigation(known: Principal) -> tuple[NavigationItem, ...]:
    return tuple(
        NavigationItem(
            text,
            url,
            current=request.path.startswith(url),
            count_url=_COUNT_URL if url == "/notifications/todo" else None,
        )
        for text, url, tokens in _PLACES
        if not tokens or known.holds(*tokens) or known.has_role(*_ROLES.get(url, ()))
    )


def delayed_notice() -> Notice:
    return Notice(DELAYED, "Delayed")


def _demonstration() -> bool:
    """False while the database is away: the page that says so is made without it."""
    try:
        return guard.runtime().demonstration
    except Exception:  # noqa: BLE001 - the frame must stand whatever is down
        return False


def _training() -> bool:
    """Asks no database: the page says what it is whatever is down."""
    return environment() == TRAINING
