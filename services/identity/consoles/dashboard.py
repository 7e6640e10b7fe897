"""Usage, completeness and timeliness on one page: the pictures of reports that lie in three services.

Each service draws its own, for whoever looks: this page asks nobody, and shows nothing that the report would not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Answer, Nothing
from shared.work import Work

TOKENS = ("cpc", "lpc")
ROLES = (
    "visor_lead",
    "governor",
    "prison_group_director",
    "head_of_public_protection",
    "regional_probation_director",
)
WHOM = "a CPC, an LPC, a ViSOR lead, a Governor or one of those above them"


def checks_records(principal: Principal) -> bool:
    """RPT-07 is of the records that a CPC or an LPC answers for."""
    return principal.holds(*TOKENS) or bool(principal.deputy_for)


@dataclass(frozen=True)
class Figure:
    """`alt` says what the picture shows; its figures stand in the report. `open_to`: of those whom the page is for."""

    code: str
    title: str
    service: str
    alt: str
    open_to: Callable[[Principal], bool] = lambda _principal: True

    @property
    def path(self) -> str:
        return f"/{self.service}/reports/{self.code.lower()}"


FIGURES = (
    Figure(
        "RPT-06", "Minimum dataset", "records", "How much of the minimum dataset each unit or prison holds"
    ),
    Figure(
        "RPT-07",
        "Record checks by SPOs",
        "records",
        "Whether what SPOs know from nDelius and OASys stands on the record, for each thing they check",
        checks_records,
    ),
    Figure("RPT-08", "Deadlines", "notifications", "Deadlines met in time and missed, for each duty"),
    Figure(
        "RPT-04",
        "Log-ons",
        "identity",
        "Who logged on in the last 30 days and who did not, by unit or prison",
    ),
)


class FigureAnswer(Answer):
    code = fields.String()
    title = fields.String()
    alt = fields.String()
    href = fields.String()
    picture = fields.String()


class DashboardAnswer(Answer):
    figures = fields.List(fields.Nested(FigureAnswer))


def is_for(principal: Principal) -> bool:
    """Whoever may open each of the reports: those of one's own unit, prison, group or area."""
    return principal.holds(*TOKENS) or principal.has_role(*ROLES) or bool(principal.deputy_for)


@service.query(
    "consoles.dashboard",
    path="/dashboard",
    input=Nothing,
    answer=DashboardAnswer,
    page=Page("Usage and quality", "consoles/dashboard.html"),
)
def dashboard(work: Work) -> dict[str, Any]:
    """PF-3d; PF-5.7, PF-5.9-H.1: one's own prison, or the prisons of one's group beside each other."""
    if not is_for(work.principal):
        raise Refusal("R32", role=WHOM)
    return {
        "figures": [
            {
                "code": one.code,
                "title": one.title,
                "alt": one.alt,
                "href": one.path,
                "picture": f"{one.path}/chart",
            }
            for one in FIGURES
            if one.open_to(work.principal)
        ]
    }
