"""How the suite says no: the numbered refusals of the requirements, bad input, and an edit that came too late."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from shared.work import Work


@dataclass(frozen=True)
class Rule:
    """One row of refusals.toml: what the suite says, and the clauses behind it."""

    code: str
    title: str
    status: int
    message: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """Whom to ask: a person's card, or at least what they are."""

    what: str
    name: str | None = None
    telephone: str | None = None
    card_url: str | None = None

    @property
    def line(self) -> str:
        """Name and telephone number, as far as known, for a message that names the contact (R15)."""
        return ", ".join(part for part in (self.name or self.what, self.telephone) if part)


@cache
def rules() -> Mapping[str, Rule]:
    """The table of refusals by code (R01 …)."""
    table = tomllib.loads((files("shared.reference") / "refusals.toml").read_text(encoding="utf-8"))
    return {
        code: Rule(code, row["title"], row["status"], row["message"], tuple(row["clause"]))
        for code, row in table.items()
    }


class Refusal(Exception):
    """The act is not allowed. Nothing of it stays but its audit entry.

    `fills` completes the rule's message; `contact` says whom to ask; `nominal_id` is the nominal it is about, for the
    audit entry; `afterwards` runs in the refusal's own transaction (to tell the CPC of the attempt, say). `said` stands
    in place of the rule's message where that would speak to the wrong person; `more` is told with it, to programs as
    further members of the problem. `elsewhere` are the parts of the address with which what was asked for is found
    now: whoever reads is led there.
    """

    def __init__(
        self,
        code: str,
        *,
        contact: Contact | None = None,
        nominal_id: UUID | None = None,
        afterwards: Callable[[Work], None] | None = None,
        said: str | None = None,
        more: Mapping[str, Any] | None = None,
        elsewhere: Mapping[str, Any] | None = None,
        **fills: object,
    ) -> None:
        self.rule = rules()[code]
        self.contact = contact
        self.nominal_id = nominal_id
        self.afterwards = afterwards
        self.said = said
        self.elsewhere = dict(elsewhere or {})
        self.more = {**(more or {}), **({"elsewhere": self.elsewhere} if elsewhere else {})}
        self.fills = {name: str(value) for name, value in fills.items()}
        if contact is not None:
            self.fills["contact"] = contact.line
        super().__init__(code)

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def status(self) -> int:
        return self.rule.status

    @property
    def message(self) -> str:
        return (self.said or self.rule.message).format_map(_Fills(self.fills))


class _Fills(dict[str, str]):
    """A brace nobody filled reads as a plain word rather than failing while we refuse."""

    def __missing__(self, key: str) -> str:
        return key.replace("_", " ")


class NotFound(Exception):
    """No such thing, or none that this person may know of."""


class Invalid(Exception):
    """Bad input: field name → messages. Nothing was changed."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        self.errors = dict(errors)
        super().__init__(f"{len(self.errors)} fields")


class Stale(Exception):
    """Somebody else saved first. `mine` and `theirs` are both texts, field by field, so that nothing typed is lost.

    `by` and `at` say who saved theirs, and when, as far as the record knows.
    """

    def __init__(
        self,
        *,
        version: int,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        by: Contact | None = None,
        at: datetime | None = None,
    ) -> None:
        self.version, self.by, self.at = version, by, at
        self.mine = dict(mine)
        self.theirs = dict(theirs)
        super().__init__(f"now at version {version}")
