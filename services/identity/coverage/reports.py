"""RPT-03, role coverage and succession."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import select

from services.identity.coverage.posts import posts, posts_in_force
from services.identity.coverage.shown import COLOURS, LEAD, RECOMMENDED, row
from services.identity.coverage.slots import Slot, slots, vetted_until
from services.identity.people.models import Unit
from services.identity.scope import is_national, within
from services.identity.service import service
from shared.access.principal import Principal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

TOKENS = ("cpc", "lpc", "central_support")
ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "governor",
    "visor_lead",
    "head_of_pdu",
)
WHOM = "a CPC, LPC or holder of Central Support, or one of those who appoint them"
_STATES = {
    "all": ("uncovered", "too_many", "ending", "covered"),
    "now": ("uncovered", "too_many"),
    "soon": ("ending",),
    "gaps": ("uncovered", "too_many", "ending"),
}


def concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*TOKENS) or principal.has_role(*ROLES)


class CoverageFilter(Input):
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(list(_STATES)),
        metadata={
            "label": "Show",
            "widget": "radios",
            "small": True,
            "options": [
                ("all", "Every post"),
                ("now", "Uncovered now"),
                ("soon", "Uncovered soon"),
                ("gaps", "Uncovered now or soon"),
            ],
        },
    )
    post = fields.String(
        load_default="",
        validate=validate.OneOf(["", *(post.code for post in posts())]),
        metadata={
            "label": "Post",
            "widget": "select",
            "empty": "All posts",
            "options": [(post.code, f"{post.title}, {post.unit_kind.replace('_', ' ')}") for post in posts()],
        },
    )


COLUMNS = (
    ReportColumn("unit_name", "Area, unit or prison", sortable=True, href="unit_url"),
    ReportColumn("post", "Post", sortable=True),
    ReportColumn("state", "State", "tag", sortable=True, colours=COLOURS),
    ReportColumn("number", "Holders", "number"),
    ReportColumn("holders", "Held by", "people"),
    ReportColumn("gap", "Uncovered from", "date", sortable=True),
    ReportColumn("successor", "Successor", "person"),
    ReportColumn("warnings", "To know", "list"),
)


def in_sight(work: Work, show: str = "all", post: str = "") -> list[Slot]:
    wanted = [one for one in posts_in_force(work) if post in {"", one.code}]
    reach = within(work.principal, tokens=TOKENS, roles=ROLES)
    return [slot for slot in slots(work, wanted, reach) if slot.state in _STATES[show]]


def gaps_by_place(work: Work, *, show: str, post: str) -> list[tuple[str, int, int]]:
    """For each region, group or force: posts uncovered now, and soon."""
    parents = {unit.code: unit for unit in work.session.execute(select(Unit)).scalars()}
    now: dict[str, int] = defaultdict(int)
    soon: dict[str, int] = defaultdict(int)
    for slot in in_sight(work, show, post):
        top = slot.unit
        while top.parent is not None:
            top = parents[top.parent]
        now[top.name] += slot.state in _STATES["now"]
        soon[top.name] += slot.state == "ending"
    return [(name, now[name], soon[name]) for name in sorted(now) if now[name] or soon[name]]


def in_words(points: Sequence[tuple[Any, ...]]) -> str:
    worst = max(points, key=lambda point: (point[1], point[2]))
    now, soon = sum(point[1] for point in points), sum(point[2] for point in points)
    return (
        f"{now} posts are uncovered now and {soon} soon; most in {worst[0]}: {worst[1]} now, {worst[2]} soon."
    )


@service.report(
    "RPT-03",
    "Role coverage and succession",
    "PF-4.4.1",
    "PF-4.8",
    "PF-5.4",
    "PF-5.5",
    "PI-3.8.5",
    input=CoverageFilter,
    columns=COLUMNS,
    whom=WHOM,
    open_to=concerns,
    chart=Chart("Uncovered posts", ("Now", "Soon"), gaps_by_place, "stacked", in_words),
    empty="No post fits this filter.",
)
def coverage(work: Work, *, show: str, post: str) -> list[dict[str, Any]]:
    """A few hundred rows for the whole country: one for each unit and post."""
    return rows(work, in_sight(work, show, post))


def rows(work: Work, found: list[Slot]) -> list[dict[str, Any]]:
    leads = {one.hold.person_id for slot in found if slot.post.name == LEAD for one in slot.holders}
    levels = dict.fromkeys(vetted_until(work, leads, RECOMMENDED), RECOMMENDED)
    return [row(slot, levels) for slot in found]
