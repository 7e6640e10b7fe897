"""Who appoints whom to which role (requirements, 4.2 and section 9); roles.toml holds the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.identity.appointments.table import MANAGER_WORDS, Role, roles
from services.identity.authority import Reach
from services.identity.tokens.rules import Refused, Warned, may_authorise
from services.identity.vetting.rules import ROLE_LEVELS, lead_warning, may_have_role

# Held nationally: they count for every unit.
_NATIONAL = frozenset({"sro"})
_POSTS = ("cpc", "lpc")


@dataclass(frozen=True)
class Appointing:
    """A role for a person; `unit` and `person` are what the principal reaches of the role's unit and of theirs.

    `updates`: the person wrote to records within the days that policy names.
    """

    role: str
    unit: Reach
    person: Reach
    oneself: bool
    name: str = ""
    level: int = 0
    job_title: str = ""
    updates: bool = False

    @property
    def row(self) -> Role:
        return roles()[self.role]


def why_not_appoint(asked: Appointing) -> Refused | None:
    """R11 or R32 for whoever does not appoint to this role, R23 for oneself, R42 for want of vetting."""
    refused = why_not_end(asked)
    if refused is not None:
        return refused
    if may_have_role(asked.role, asked.level):
        return None
    fills = {
        "role": asked.row.label,
        "needed": ROLE_LEVELS[asked.role],
        "name": asked.name,
        "held": asked.level,
    }
    return Refused("R42", {name: str(value) for name, value in fills.items()})


def why_not_end(asked: Appointing) -> Refused | None:
    """Whoever appoints to a role also ends it; nobody does either for themselves."""
    if not any(_is(asked, by) for by in asked.row.appointed_by):
        if asked.row.appointed_by == ("cpc",):
            return Refused("R11", {"token": "CPC"})
        return Refused("R32", {"role": asked.row.appointers})
    return Refused("R23", {"subject": "role"}) if asked.oneself else None


def appointable(somewhere: Reach, person: Reach, *, oneself: bool) -> tuple[Refused | None, tuple[str, ...]]:
    """The roles to which somebody appoints this person for any unit at all; why not, where there is none.

    `somewhere`: what they reach of the units of all that they hold. It fills a form; the act asks of the one unit.
    """
    asked = [Appointing(role, somewhere, person, oneself) for role in roles()]
    found = tuple(one.role for one in asked if any(_is(one, by) for by in one.row.appointed_by))
    if not found:
        return Refused("R32", {"role": "the CPC of the person’s area or one who appoints to a role"}), ()
    return (Refused("R23", {"subject": "role"}) if oneself else None), found


def needs_authority(asked: Appointing) -> bool:
    """An administrator only executes: on whose word, must stand beside it."""
    return not any(_is(asked, by) for by in asked.row.appointed_by if by != "admin")


def warnings(asked: Appointing) -> tuple[Warned, ...]:
    """PF-5.5/t.1, PF-5.5, PF-5.9-G.1: none of them forbids it."""
    return tuple(_warnings(asked))


def _warnings(asked: Appointing) -> Iterator[Warned]:
    row = asked.row
    if asked.role == "visor_lead" and lead_warning(asked.level):
        yield Warned(
            "level_3_recommended", "NPPV level 3 is recommended for a ViSOR lead", needs_reason=False
        )
    if row.manager and not is_manager(asked.job_title):
        yield Warned(
            "no_manager", f"The {row.label} should be a manager, which “{asked.job_title}” does not say"
        )
    if row.no_updates and asked.updates:
        yield Warned(
            "updates_visor", f"The {row.label} should not be tasked with updating ViSOR, and this person is"
        )


def is_manager(job_title: str) -> bool:
    title = job_title.lower()
    return any(word in title for word in MANAGER_WORDS)


def may_name_successor(reach: Reach, post: str) -> bool:
    """The CPC, her deputy, whoever appoints to the post, and whoever holds it (PI-3.8.5)."""
    if may_authorise(reach) or (reach.holds(post) if post in _POSTS else reach.has_role(post)):
        return True
    if post in _POSTS:
        return reach.appoints_cpc
    return any(reach.has_role(by) for by in roles()[post].appointed_by)


def _is(asked: Appointing, by: str) -> bool:
    if by == "cpc":
        return may_authorise(asked.unit) and may_authorise(asked.person)
    if by == "admin":
        return asked.unit.is_administrator
    if by in _NATIONAL:
        return asked.unit.principal.has_role(by)
    return asked.unit.has_role(by)
