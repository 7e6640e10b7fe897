"""Who gets it: the people named who are still there, else the next holder of the role, else the role is vacant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

# Capacities that belong to the person and to nobody else: there is no next holder, and none is missed.
PERSONAL = frozenset(
    {
        *("partner", "requester", "person", "user", "line_manager", "signatory", "author"),
        *("practitioner", "approving_manager", "police_counterpart", "offender_manager"),
        *("auditor", "declarer", "deputy"),
    }
)

# Capacities that somebody has on one record: whoever else holds the token in the unit is a stranger to it.
OF_RECORD = frozenset({"manager", "supervisor", "partner"})
# Every token and role that identity grants: a test holds them against its tables.
TOKENS = frozenset(
    {
        *("admin", "central_support", "cpc", "create", "lpc"),
        *("manager", "partner", "read_only", "supervisor"),
    }
)
ROLES = frozenset(
    {
        *("approving_manager", "case_administrator", "data_protection_officer", "governor", "head_of_pdu"),
        *("head_of_public_protection", "mappa_administrator", "operational_support_group", "oversight_chair"),
        *("pom", "practitioner", "prison_administrator", "prison_group_director"),
        *("regional_probation_director", "security", "spo", "sro", "tasked_with_creation", "trainer"),
        "visor_lead",
    }
)
# Everybody whom a fact or a ladder can name.
CAPACITIES = TOKENS | ROLES | PERSONAL

# Posts that there can only be for units of these kinds: "RPD / PGD" is the one whose unit it is.
POSTS: Mapping[str, frozenset[str]] = {
    "governor": frozenset({"prison"}),
    "visor_lead": frozenset({"prison"}),
    "prison_group_director": frozenset({"prison_group"}),
    "regional_probation_director": frozenset({"region"}),
    "head_of_public_protection": frozenset({"mappa_area", "force"}),
    "oversight_chair": frozenset({"mappa_area", "force"}),
    "sro": frozenset({"national"}),
}


def roles_here(roles: Sequence[str], kinds: Collection[str]) -> tuple[str, ...]:
    """Of a rung's roles those that there can be for a unit, given the kinds of it and of all above it.

    Where there can be none the rung is vacant, and says so: nobody is passed over in silence.
    """
    here = tuple(role for role in roles if POSTS.get(role, {"national"}) & {"national", *kinds})
    return here or tuple(roles)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a fact names; `person_id` None where the role was vacant when it happened. `by_role`: see Addressee."""

    person_id: UUID | None
    role: str
    unit: str | None
    by_role: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """`by_role`: found here as a holder of the role in the unit, and named by no fact; in whose place, if any's."""

    person_id: UUID
    role: str
    unit: str | None
    by_role: bool = False
    stands_in_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recipients:
    """`vacant` are the (role, unit) that nobody holds."""

    people: tuple[Addressee, ...]
    vacant: tuple[tuple[str, str], ...]


def recipients(
    named: Iterable[Named], is_there: Callable[[UUID], bool], holders: Callable[[str, str], Sequence[UUID]]
) -> Recipients:
    """Each person once. `holders(role, unit)` gives the active holders in a fixed order; it is asked only when needed.

    Two people away from one role call in two others where there are two; a role somebody still fills is not vacant.
    """
    named = list(named)
    told: dict[UUID, Addressee] = {}
    for one in named:
        if one.person_id is not None and is_there(one.person_id):
            told.setdefault(one.person_id, Addressee(one.person_id, one.role, one.unit, one.by_role))
    vacant: dict[tuple[str, str], None] = {}
    for one in named:
        if one.person_id is not None and is_there(one.person_id):
            continue
        if one.unit is None or one.role in PERSONAL:
            continue
        candidates = holders(one.role, one.unit)
        fresh = next((person for person in candidates if person not in told), None)
        if fresh is not None:
            told[fresh] = Addressee(fresh, one.role, one.unit, by_role=True, stands_in_for=one.person_id)
        elif not candidates:
            vacant[(one.role, one.unit)] = None
    return Recipients(tuple(told.values()), tuple(vacant))
