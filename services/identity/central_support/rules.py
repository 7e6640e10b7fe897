"""Who may ask for the Central Support token, and who decides (PF-7/Central Support Token.1)."""

from __future__ import annotations

from services.identity.authority import Reach
from services.identity.tokens.rules import Refused, may_authorise
from services.identity.tokens.table import tokens

TOKEN = "central_support"  # noqa: S105 - the name of an access right


def why_not_ask(level: int, name: str) -> Refused | None:
    """Anyone vetted to NPPV level 3 can request it."""
    row = tokens()[TOKEN]
    if level >= row.level:
        return None
    fills = {"token": row.label, "needed": row.level, "name": name, "held": level}
    return Refused("R03", {key: str(value) for key, value in fills.items()})


def why_not_decide(reach: Reach, *, oneself: bool) -> Refused | None:
    """The CPC or her deputy, and nobody for themselves."""
    if not may_authorise(reach):
        return Refused("R24")
    return Refused("R23", {"subject": "token"}) if oneself else None
