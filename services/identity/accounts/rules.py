"""What an account's state lets its holder do, why it was disabled, and who may take each step of its life."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from services.identity.authority import Reach

# Why an account is disabled or archived, in words for its holder.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "vetting_expired": "vetting has expired",
        "vetting_revoked": "vetting has been revoked",
        "suspended": "suspended",
        "left": "left the role",
        "not_in_directory": "no longer in the agency’s directory",
        "not_used": "not used",
        "not_authorised": "not yet authorised",
    }
)
# Renewed vetting lifts these by itself (PF-4.16/A.2); the others somebody must lift.
LIFTED_BY_VETTING = frozenset({"vetting_expired", "vetting_revoked"})


# Before the administrator has made the account there is none to sign in with.
NO_ACCOUNT_YET = frozenset({"nominated", "requested", "authorised"})
# Newcomers may be let in to read and sign before they are trained and authorised, and to nothing else (PF-6.3).
NEWCOMERS = NO_ACCOUNT_YET | {"created"}
# Who knows first that somebody should have an account, or needs one no more.
_NOMINATE = ("visor_lead", "spo", "governor")
_REPORT = ("spo", "visor_lead", "governor")
NOMINATORS = "the CPC, their nominee, a ViSOR lead, an SPO or an LPC of the unit"
REPORTERS = "the person’s line manager, SPO, ViSOR lead or CPC"
ARCHIVES = "CPC or Central Support"
ARCHIVERS = "the CPC or a holder of Central Support of the person’s area"


def why_closed(state: str, reason: str | None) -> str | None:
    """Why nobody can sign in with this account, in words; None where they can (R08)."""
    if state in {"created", "active"}:
        return None
    if state in NO_ACCOUNT_YET:
        return REASONS["not_authorised"]
    return REASONS.get(reason or "", "closed")


def may_nominate(reach: Reach, *, nominee: bool) -> bool:
    """PF-5.9.4: the lead finds whom to train; who may ask for accounts, and who runs the team or unit, may too."""
    return nominee or reach.is_cpc or reach.is_deputy or reach.holds("lpc") or reach.has_role(*_NOMINATE)


def may_request(reach: Reach, *, nominee: bool) -> bool:
    """PF-4.16/A.6: the CPC or a nominee; the deputy in the CPC's place."""
    return nominee or reach.is_cpc or reach.is_deputy


def why_not_authorise(reach: Reach, *, oneself: bool, own_request: bool) -> str | None:
    """PF-4.16a.1: the CPC, or Central Support as their deputy; nobody for themselves.

    A CPC's own request is their authorisation (PF-4.16/A.6 lets them make it), and an administrator executes it. A
    deputy does not authorise what they asked for as a nominee.
    """
    if not (reach.is_cpc or reach.is_deputy):
        return "R11"
    return "R23" if oneself or (own_request and not reach.is_cpc) else None


def reporting_as(reach: Reach, *, line_manager: bool) -> str | None:
    """As what somebody may report a leaver (PF-4.38.1, PF-4.39); None for whoever may not."""
    if reach.is_cpc or reach.is_deputy:
        return "cpc"
    if line_manager:
        return "line_manager"
    held = next((role for role in _REPORT if reach.has_role(role)), None)
    return held or ("admin" if reach.is_administrator else None)


def why_not_archive(reach: Reach, *, oneself: bool, confirmed: bool) -> str | None:
    """PF-4.38.3, PF-7/Central Support Token.4: the CPC, whose archiving confirms; others once the CPC has."""
    if reach.is_cpc or reach.is_deputy:
        return "R23" if oneself else None
    if not (reach.holds("central_support") or reach.is_administrator):
        return "R11"
    if oneself:
        return "R23"
    return None if confirmed else "R24"


def user_name(name: str, number: int) -> str:
    """A first suggestion: `anne-marie.oneill`, with a number from the second of that name on."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [kept for word in plain.split() if (kept := re.sub(r"[^a-z0-9-]", "", word).strip("-"))]
    made = ".".join(dict.fromkeys([words[0], words[-1]])) if words else "user"
    made = made[:70].ljust(3, "0")
    return made if number == 1 else f"{made}{number}"
