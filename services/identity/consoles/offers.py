"""What each console offers. A queue or page that is new is one more line here; reports come by themselves.

`count` says how much waits there; without it the page is only linked. `agencies`: for holders of these kinds of agency
alone, since a prison CPC assures and owns nothing (PF-7/CPC Prison.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from services.identity.consoles import counts
from services.identity.consoles.kinds import (
    ADMINISTRATOR,
    CENTRAL_SUPPORT,
    CPC,
    GOVERNOR,
    GROUP_DIRECTOR,
    HEAD,
    LEAD,
    LPC,
    REGIONAL_DIRECTOR,
    SPO,
    SRO,
    Console,
)
from shared.work import Work

Count = Callable[[Work, Select[Any]], int]
QUEUE, ASSURE, LOOK = "Waiting for you", "Assurance", "Look up and change"
GROUPS = (QUEUE, ASSURE, LOOK)
OWNERS = frozenset({"probation", "police", "national"})
PRISONS = frozenset({"prison"})
ANY = OWNERS | PRISONS | {"other"}


@dataclass(frozen=True)
class Offer:
    group: str
    text: str
    href: str
    consoles: tuple[Console, ...]
    count: Count | None = None
    agencies: frozenset[str] = ANY


@dataclass(frozen=True)
class UnitOffer:
    """One for each unit that the console is held for; `kind` where only of such units."""

    group: str
    text: str
    href: str
    consoles: tuple[Console, ...]
    kind: str | None = None


OVERSEERS = (GROUP_DIRECTOR, HEAD, REGIONAL_DIRECTOR)
OFFERS = (
    Offer(QUEUE, "Account requests to authorise", "/identity/onboarding", (CPC,), counts.requests),
    Offer(QUEUE, "Onboarding", "/identity/onboarding", (LPC, LEAD, GOVERNOR, SPO), counts.newcomers),
    Offer(QUEUE, "Accounts to make", "/identity/onboarding", (ADMINISTRATOR,), counts.accounts_to_make),
    Offer(QUEUE, "Tokens to set", "/identity/token-orders", (ADMINISTRATOR,), counts.token_orders),
    Offer(QUEUE, "Questions about access", "/identity/questions", (CPC, ADMINISTRATOR), counts.questions),
    Offer(
        QUEUE,
        "Changes of national policy to confirm",
        "/identity/policy/changes",
        (ADMINISTRATOR, SRO),
        counts.policy_changes,
    ),
    Offer(
        QUEUE,
        "Changes to the kinds of vetting to confirm",
        "/identity/vetting/types",
        (ADMINISTRATOR,),
        counts.vetting_changes,
    ),
    Offer(
        QUEUE,
        "Requests for Central Support",
        "/identity/central-support/requests",
        (CPC,),
        counts.central_support,
    ),
    Offer(
        QUEUE,
        "Terminals awaiting approval",
        "/identity/terminals/awaiting",
        (CPC,),
        counts.terminals,
        PRISONS,
    ),
    Offer(
        QUEUE, "Accounts not used", "/identity/dormant-accounts", (CPC, CENTRAL_SUPPORT, LEAD), counts.dormant
    ),
    Offer(QUEUE, "Leavers", "/identity/leavers", (CPC, CENTRAL_SUPPORT, ADMINISTRATOR), counts.leavers),
    Offer(
        QUEUE, "Vetting to be done", "/identity/vetting/queue", (CPC, ADMINISTRATOR), counts.without_vetting
    ),
    Offer(
        QUEUE,
        "College of Policing certificates to accept",
        "/identity/training/certificates",
        (CPC,),
        counts.certificates,
    ),
    Offer(
        QUEUE,
        "Statements about sufficient staff to sign off",
        "/identity/staffing/areas",
        (REGIONAL_DIRECTOR,),
        counts.staffing_statements,
    ),
    Offer(QUEUE, "Partnership requests", "/records/partnership/requests", (CPC, LPC), None, OWNERS),
    Offer(QUEUE, "Transfers", "/records/transfers", (CPC, CENTRAL_SUPPORT), None, OWNERS),
    Offer(QUEUE, "Temporary release", "/records/rotl/approvals", (GOVERNOR,), None, PRISONS),
    Offer(QUEUE, "Bulk transfers", "/records/bulk-transfers", (CPC,), None, OWNERS),
    Offer(ASSURE, "Usage and quality", "/identity/dashboard", (CPC, LPC, LEAD, GOVERNOR, *OVERSEERS)),
    Offer(
        ASSURE,
        "Compliance pack",
        "/identity/compliance-pack",
        (CPC, GOVERNOR, *OVERSEERS, ADMINISTRATOR, SRO),
    ),
    Offer(
        ASSURE,
        "Posts uncovered now or soon",
        "/identity/reports/rpt-03?show=gaps",
        (CPC, LEAD, GOVERNOR, *OVERSEERS, SRO),
        counts.gaps,
    ),
    Offer(
        ASSURE,
        "Log-on audits that are open",
        "/identity/log-on-audits",
        (CPC, CENTRAL_SUPPORT, LPC, GROUP_DIRECTOR),
        counts.log_on_audits,
    ),
    Offer(
        ASSURE,
        "Prisons without this month’s assurance by the lead",
        "/identity/reports/rpt-03?show=gaps&post=visor_lead",
        (CPC, GROUP_DIRECTOR),
        counts.assurances,
        PRISONS,
    ),
    Offer(
        ASSURE,
        "Prison returns to be confirmed",
        "/identity/reports/rpt-19",
        (CPC, LEAD, GOVERNOR, GROUP_DIRECTOR),
        counts.returns,
        PRISONS,
    ),
    Offer(
        ASSURE,
        "Exemptions whose review is overdue",
        "/identity/reports/rpt-22?show=overdue",
        (CPC, LEAD, GOVERNOR, SPO, *OVERSEERS),
        counts.exemptions_to_review,
    ),
    Offer(
        ASSURE,
        "Terminals whose yearly assurance is overdue",
        "/identity/terminals?status=overdue",
        (CPC, LEAD),
        counts.terminals_overdue,
        PRISONS,
    ),
    Offer(ASSURE, "Quality of records", "/records/quality", (CPC, LEAD)),
    Offer(ASSURE, "Reports on request", "/records/quality/report-requests", (CPC,)),
    Offer(ASSURE, "Local practices", "/identity/local-practices", (CPC, LEAD, GOVERNOR, *OVERSEERS)),
    Offer(ASSURE, "My team’s log-ons", "/identity/log-on-team", (SPO,)),
    Offer(LOOK, "Terminals", "/identity/terminals", (CPC, LEAD), None, PRISONS),
    Offer(LOOK, "Buildings and networks", "/identity/buildings", (CPC, ADMINISTRATOR)),
    Offer(LOOK, "Who acts for the CPC", "/identity/deputies", (CPC, HEAD)),
    Offer(LOOK, "Messages on documents", "/identity/documents/messages", (CPC, LEAD)),
    Offer(
        LOOK,
        "Training sessions, courses and trainers",
        "/identity/training/sessions",
        (CPC, LPC, LEAD, ADMINISTRATOR, REGIONAL_DIRECTOR, GROUP_DIRECTOR),
    ),
    Offer(
        LOOK,
        "Areas with sufficient staff",
        "/identity/staffing/areas",
        (CPC, REGIONAL_DIRECTOR),
        None,
        OWNERS,
    ),
    Offer(LOOK, "White pages", "/identity/people", (CPC, ADMINISTRATOR, GROUP_DIRECTOR, LEAD, GOVERNOR)),
    Offer(LOOK, "Agencies and units", "/identity/estate", (ADMINISTRATOR,)),
    Offer(LOOK, "National policy", "/identity/policy", (ADMINISTRATOR, SRO)),
    Offer(LOOK, "Exceptions to vetting", "/identity/vetting/exceptions", (SRO,)),
    Offer(LOOK, "Kinds of vetting", "/identity/vetting/types", (ADMINISTRATOR,)),
    Offer(LOOK, "Publish a version of a document", "/identity/documents/publish", (ADMINISTRATOR, SRO)),
    Offer(LOOK, "Leave to use Wi-Fi", "/identity/wifi-grants", (SRO,)),
    Offer(LOOK, "System health", "/identity/system/health", (ADMINISTRATOR,)),
)
UNIT_OFFERS = (
    UnitOffer(ASSURE, "{name}: assurance log", "/identity/units/{code}/assurance", (CPC,)),
    UnitOffer(
        ASSURE,
        "{name}: who covers which post, and the monthly assurance",
        "/identity/coverage/{code}",
        (LEAD, GOVERNOR),
        "prison",
    ),
    UnitOffer(
        ASSURE,
        "{name}: sufficient numbers of staff",
        "/identity/staffing/units/{code}",
        (LEAD, GOVERNOR),
        "prison",
    ),
    UnitOffer(ASSURE, "{name}: sufficient staff", "/identity/staffing/areas/{code}", (CPC,), "mappa_area"),
    UnitOffer(
        ASSURE, "{name}: ViSOR return", "/identity/prison-returns/of/{code}", (LEAD, GOVERNOR), "prison"
    ),
)
