"""Who may grant or end which token, and to whom: requirements 4.1 and 4.2; table.toml holds the policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.identity.authority import Reach
from services.identity.tokens.table import Token, live_tokens, tokens

TOKENS = tuple(tokens())
APPOINTS = "the Head of Public Protection of the area or the Prison Group Director"
# Held for no unit of the estate: they count everywhere.
_NATIONAL_ROLES = frozenset({"sro"})


@dataclass(frozen=True)
class Refused:
    code: str
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Warned:
    """Something that may be, with a reason where it needs one: recorded with the grant, and shown on RPT-02."""

    code: str
    text: str
    needs_reason: bool = True


@dataclass(frozen=True)
class Granting:
    """A token for a person; `unit` and `person` are what the principal reaches of the token's unit and of theirs.

    `held` are the person's tokens in force; `in_establishment`: their place of work is a prison; `requested`: they
    asked for it themselves.
    """

    token: str
    unit: Reach
    person: Reach
    oneself: bool
    name: str = ""
    agency_kind: str = ""
    unit_kind: str = ""
    level: int = 0
    courses: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    in_establishment: bool = False
    requested: bool = False

    @property
    def row(self) -> Token:
        return tokens()[self.token]


def why_not_grant(asked: Granting) -> Refused | None:
    """In the order of refusals: agency (R30), authority (R24, R32, R11), oneself (R23), then R03 and R04."""
    if asked.agency_kind in asked.row.never:
        return Refused("R30")
    return why_not_authorise(asked) or why_not_hold(asked)


def why_not_hold(asked: Granting) -> Refused | None:
    """What the person lacks (R30, R03, R04); asked again when an administrator sets what was authorised."""
    row = asked.row
    if asked.agency_kind in row.never:
        return Refused("R30")
    if asked.level < row.level:
        fills = {"token": row.label, "needed": row.level, "name": asked.name, "held": asked.level}
        return Refused("R03", {name: str(value) for name, value in fills.items()})
    course = row.course.get(asked.unit_kind)
    if course is not None and course not in asked.courses:
        return Refused("R04", {"name": f"{asked.name} (the {course.upper()} course)"})
    return None


def why_not_authorise(asked: Granting) -> Refused | None:
    """The CPC token is for those who appoint the CPC; the others for the CPC of both unit and person, or her deputy.

    Nobody grants to themselves, or ends what they hold.
    """
    by = asked.row.granted_by
    if by == "appointer" and not _appoints(asked, noted=True):
        return Refused("R32", {"role": APPOINTS})
    if by == "national" and not (asked.unit.is_administrator or _has_role(asked.unit, _NATIONAL_ROLES)):
        return Refused("R11", {"token": "admin"})
    if by == "cpc" and not (may_authorise(asked.unit) and may_authorise(asked.person)):
        return Refused("R11", {"token": "CPC"})
    return Refused("R23", {"subject": "token"}) if asked.oneself else None


def why_not_end(asked: Granting) -> Refused | None:
    """Whoever may grant it; and an administrator, on authority, all but the CPC token (requirements, 4.2)."""
    if asked.row.granted_by == "cpc" and asked.unit.is_administrator:
        return Refused("R23", {"subject": "token"}) if asked.oneself else None
    return why_not_authorise(asked)


def may_authorise(reach: Reach) -> bool:
    """The CPC of the unit's area, group or force, or her deputy: never an administrator, who executes."""
    return reach.is_cpc or reach.is_deputy


def why_not_set(reach: Reach, *, oneself: bool, own_order: bool) -> Refused | None:
    """An administrator sets what somebody else authorised, and never for themselves (PF-7/CPC Probation.6)."""
    if not reach.is_administrator:
        return Refused("R11", {"token": "admin"})
    return Refused("R23", {"subject": "token"}) if oneself or own_order else None


def needs_authority(asked: Granting) -> bool:
    """An administrator only executes: on whose word, must stand beside it (PF-7/Identity Manager LDAP.1)."""
    if not asked.unit.is_administrator:
        return False
    if asked.row.granted_by == "national":
        return not _has_role(asked.unit, _NATIONAL_ROLES)
    return not may_authorise(asked.unit)


def warnings(asked: Granting) -> tuple[Warned, ...]:
    """What whoever grants must give a reason for."""
    return tuple(_warnings(asked))


def _warnings(asked: Granting) -> Iterator[Warned]:
    row = asked.row
    if asked.token == "admin" and asked.held & live_tokens():  # noqa: S105 - the name of an access right
        yield Warned("live_user", "An administrator is ideally no user of ViSOR Live, and this person is one")
    if asked.token in live_tokens() and "admin" in asked.held:
        yield Warned("administrator", "A ViSOR administrator is ideally no user of ViSOR Live")
    if row.granted_by == "appointer" and not _appoints(asked, noted=False):
        yield Warned("other_appointer", "The CPC is generally appointed by the Head of Public Protection")
    if row.granted_by == "appointer" and asked.unit_kind == "prison_group" and asked.in_establishment:
        yield Warned("establishment", "A prison CPC should be in a regional role, not in an establishment")
    if row.on_request and not asked.requested:
        yield Warned("unrequested", f"The {row.label} token is granted on its holder’s own request")


def _appoints(asked: Granting, *, noted: bool) -> bool:
    """`noted`: also those who may where they say why (PF-4.8/t.4: generally the Head of Public Protection)."""
    row = asked.row
    roles = {*row.appointers.get(asked.unit_kind, ())}
    if noted:
        roles |= {*row.with_note.get(asked.unit_kind, ())}
    return _has_role(asked.unit, roles)


def _has_role(reach: Reach, roles: set[str] | frozenset[str]) -> bool:
    national = frozenset(roles) & _NATIONAL_ROLES
    return reach.has_role(*roles) or reach.principal.has_role(*national)
