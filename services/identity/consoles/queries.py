"""The consoles: what waits, what is to be assured, reports, and the units that one answers for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from marshmallow import fields
from sqlalchemy import Select, select

from services.identity.consoles.kinds import ADMINISTRATOR, GOVERNOR, SRO, Console, consoles_of
from services.identity.consoles.offers import GROUPS, OFFERS, UNIT_OFFERS, Offer
from services.identity.coverage.posts import posts_in_force
from services.identity.coverage.slots import slots
from services.identity.estate.kinds import head_of, kinds
from services.identity.people.models import Unit
from services.identity.scope import all_below
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import Page
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Answer, Nothing
from shared.work import Work

MOST_UNITS = 60
_NATIONAL = (ADMINISTRATOR, SRO)


class OfferAnswer(Answer):
    text = fields.String()
    href = fields.String()
    count = fields.Integer(allow_none=True)


class GroupAnswer(Answer):
    name = fields.String()
    offers = fields.List(fields.Nested(OfferAnswer))


class PlaceAnswer(Answer):
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    uncovered = fields.Integer()
    soon = fields.Integer()


class TabAnswer(Answer):
    code = fields.String()
    title = fields.String()


class ConsoleAnswer(Answer):
    code = fields.String()
    title = fields.String()
    tabs = fields.List(fields.Nested(TabAnswer))
    groups = fields.List(fields.Nested(GroupAnswer))
    reports = fields.List(fields.Nested(OfferAnswer))
    places = fields.List(fields.Nested(PlaceAnswer))


PAGE = Page("Console", "consoles/console.html")


@service.query("consoles.mine", path="/consoles", input=Nothing, answer=ConsoleAnswer, page=PAGE)
def mine(work: Work) -> dict[str, Any]:
    """The first of one's own."""
    own = consoles_of(work.principal)
    if not own:
        who = "somebody who answers for a unit, an area or the accounts"
        raise Refusal("R32", contact=cpc_contact(work, work.principal.unit), role=who)
    return _console(work, own[0], own)


@service.query("consoles.read", path="/consoles/<code>", input=Nothing, answer=ConsoleAnswer, page=PAGE)
def read(work: Work, *, code: str) -> dict[str, Any]:
    """One of them; another's is nobody's."""
    own = consoles_of(work.principal)
    found = next((console for console in own if console.code == code), None)
    if found is None:
        raise NotFound
    return _console(work, found, own)


def _console(work: Work, console: Console, own: list[Console]) -> dict[str, Any]:
    units = reach(work, console)
    work.concerns(console=console.code)
    return {
        "code": console.code,
        "title": title_of(work, console),
        "tabs": [{"code": one.code, "title": title_of(work, one)} for one in own],
        "groups": _groups(work, console, units),
        "reports": [
            {"text": f"{one.title} ({one.code})", "href": f"/identity{one.path}", "count": None}
            for one in sorted(service.reports.values(), key=lambda one: one.code)
            if one.open_to(work.principal)
        ],
        "places": [] if console in _NATIONAL else _places(work, units),
    }


def reach(work: Work, console: Console) -> Select[Any]:
    return select(Unit.code) if console in _NATIONAL else all_below(console.units(work.principal))


def title_of(work: Work, console: Console) -> str:
    """A Governor of a contracted prison is its Director, with the same rights (PF-0.4.2, PSI-3.1)."""
    if console is not GOVERNOR:
        return console.title
    prisons = select(Unit).where(Unit.code.in_(console.units(work.principal)))
    titles = [
        head_of(unit.kind, contracted=unit.contracted) for unit in work.session.execute(prisons).scalars()
    ]
    return " and ".join(sorted(set(titles))) or console.title


def _groups(work: Work, console: Console, units: Select[Any]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for offer in OFFERS:
        if console in offer.consoles and work.principal.agency_kind in offer.agencies:
            found[offer.group].append(_offer(work, offer, units))
    for group, line in _of_units(work, console):
        found[group].append(line)
    return [{"name": name, "offers": found[name]} for name in GROUPS if found[name]]


def _offer(work: Work, offer: Offer, units: Select[Any]) -> dict[str, Any]:
    count = None if offer.count is None else offer.count(work, units)
    return {"text": offer.text, "href": offer.href, "count": count}


def _of_units(work: Work, console: Console) -> Iterator[tuple[str, dict[str, Any]]]:
    wanted = [offer for offer in UNIT_OFFERS if console in offer.consoles]
    units = select(Unit).where(Unit.code.in_(console.units(work.principal) if wanted else []))
    for unit in work.session.execute(units.order_by(Unit.name)).scalars():
        for offer in wanted:
            if offer.kind in {None, unit.kind}:
                text, href = offer.text.format(name=unit.name), offer.href.format(code=unit.code)
                yield offer.group, {"text": text, "href": href, "count": None}


def _places(work: Work, units: Select[Any]) -> list[dict[str, Any]]:
    """The units below, with their gaps: the workspace that those of one group or area share (PF-5.2)."""
    now: dict[str, int] = defaultdict(int)
    soon: dict[str, int] = defaultdict(int)
    for slot in slots(work, posts_in_force(work), units):
        now[slot.unit.code] += slot.state in {"uncovered", "too_many"}
        soon[slot.unit.code] += slot.state == "ending"
    there = select(Unit).where(Unit.code.in_(units), Unit.closed_on.is_(None)).order_by(Unit.name)
    return [
        {
            "code": unit.code,
            "name": unit.name,
            # An area and a delivery unit in it may be called alike.
            "kind": kinds()[unit.kind].name,
            "uncovered": now[unit.code],
            "soon": soon[unit.code],
        }
        for unit in work.session.execute(there.limit(MOST_UNITS)).scalars()
    ]
