"""What an invented user is, before any database knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """A token or a role with the unit that it is for."""

    name: str
    scope: str


@dataclass(frozen=True, slots=True)
class InventedVetting:
    """`level` is NPPV2 or NPPV3."""

    level: str
    reference: str
    cleared_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class InventedUser:
    """`vetting` None: none recorded. `courses`: each passed with its day. `syops_signed_on` None: unsigned.

    `part` says what a member of the cast does in the story; it is empty for everybody else.
    """

    username: str
    forename: str
    surname: str
    unit: str
    agency: str
    post: str
    job_title: str
    email: str
    telephone: str
    mobile: str
    tokens: tuple[Held, ...]
    roles: tuple[Held, ...]
    vetting: InventedVetting | None
    courses: tuple[tuple[str, date], ...]
    syops_signed_on: date | None
    disabled: bool = False
    part: str = ""

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}"

    def can_sign_in(self, on: date) -> bool:
        """Whether nothing that belongs to the person stands in the way; the terminal may still."""
        vetted = self.vetting is not None and self.vetting.expires_on > on
        return vetted and bool(self.courses) and self.syops_signed_on is not None and not self.disabled


@dataclass(frozen=True)
class Staff:
    """All users, and who of those able to sign in holds which post in which unit."""

    users: tuple[InventedUser, ...]
    by_username: Mapping[str, InventedUser] = field(repr=False)
    by_post: Mapping[tuple[str, str], tuple[str, ...]] = field(repr=False)

    def holders(self, unit: str, *posts: str) -> tuple[str, ...]:
        """Usernames, in the order of the posts asked for."""
        return tuple(username for post in posts for username in self.by_post.get((unit, post), ()))
