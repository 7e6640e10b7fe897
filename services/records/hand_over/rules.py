"""Who may hand a record over, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

ROLES: Mapping[str, str] = {"manager": "Manager", "supervisor": "Supervisor"}
# Who allocates both roles (PF-4.16b, PF-7/LPC); besides, each hands over what is their own.
ALLOCATING = frozenset({"lpc", "cpc", "deputy"})
MOST = 100
_NOT_OURS = "belongs to another agency than the record"


def may_hand_over(role: str, standings: Collection[str]) -> bool:
    """A manager hands over the management, a supervisor the supervision, LPC, CPC and her deputy both."""
    return bool(ALLOCATING & set(standings)) or role in standings


def holder_problem(name: str, *, active: bool, same_agency: bool, shut_out: bool, now: bool) -> str | None:
    """What stands against this new holder, in words for the form; None where nothing does."""
    if not active:
        return f"{name} has left"
    if now:
        return f"{name} has this part already"
    if not same_agency:
        return f"{name} {_NOT_OURS}"
    return f"Access is limited, and {name} is not on the list" if shut_out else None
