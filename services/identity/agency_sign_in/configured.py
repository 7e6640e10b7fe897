"""Which agencies keep their people's passwords themselves: the file that VISOR_DIRECTORIES names.

Such an agency's people have no password here. Vetting, training, documents, tokens, terminals and our own second factor
gate them as everybody else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

_ON_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
T = TypeVar("T")


class DirectoriesError(ValueError):
    """The file cannot be used; the message says where it is wrong."""


@dataclass(frozen=True)
class LdapDirectory:
    """`address` is ldaps://…, or ldap://… which is raised to TLS; `user_filter` has `{username}` in it.

    `bind_dn` finds people, with the password that `bind_password_file` holds. `card` maps name, email, telephone and
    job_title to the directory's attributes. Seconds to wait: `timeout`.
    """

    agency: str
    address: str
    base: str
    bind_dn: str
    bind_password_file: Path
    user_filter: str = "(uid={username})"
    ca_file: Path | None = None
    timeout: int = 5
    card: Mapping[str, str] = field(
        default_factory=lambda: {
            "name": "cn",
            "email": "mail",
            "telephone": "telephoneNumber",
            "job_title": "title",
        }
    )

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in {"ldap", "ldaps"}:
            raise DirectoriesError(f"{self.agency}: {self.address} begins with neither ldap:// nor ldaps://.")
        if "{username}" not in self.user_filter:
            raise DirectoriesError(f"{self.agency}: user_filter needs {{username}}.")


@dataclass(frozen=True)
class OpenIdProvider:
    """`issuer` as the provider names itself; `username_claim` holds the user name that the account has here."""

    agency: str
    name: str
    issuer: str
    client_id: str
    client_secret_file: Path
    username_claim: str = "preferred_username"
    scope: str = "openid profile"
    timeout: int = 5

    def __post_init__(self) -> None:
        address = urlsplit(self.issuer)
        if address.scheme != "https" and address.hostname not in _ON_THIS_MACHINE:
            raise DirectoriesError(f"{self.agency}: {self.issuer} is not https.")


@dataclass(frozen=True)
class Directories:
    """By agency; an agency has one way."""

    ldap: Mapping[str, LdapDirectory] = field(default_factory=dict)
    openid: Mapping[str, OpenIdProvider] = field(default_factory=dict)

    def keeps_passwords(self, agency: str) -> bool:
        """Whether this agency's people have no password here."""
        return agency in self.ldap or agency in self.openid


@cache
def directories(path: Path | None) -> Directories:
    """Read once for each process. Raises DirectoriesError, so that a wrong file stops the start."""
    if path is None:
        return Directories()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DirectoriesError(f"{path}: {error}") from error
    found = Directories(
        {one["agency"]: _of(LdapDirectory, one) for one in given.pop("ldap", ())},
        {one["agency"]: _of(OpenIdProvider, one) for one in given.pop("openid", ())},
    )
    if given:
        raise DirectoriesError(f"{path}: unknown {', '.join(sorted(given))}.")
    if twice := found.ldap.keys() & found.openid.keys():
        raise DirectoriesError(f"{path}: two ways for {', '.join(sorted(twice))}.")
    return found


def _of(kind: type[T], given: Mapping[str, Any]) -> T:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    if unknown := given.keys() - known:
        raise DirectoriesError(f"{given.get('agency')}: unknown {', '.join(sorted(unknown))}.")
    paths = {name: Path(value) for name, value in given.items() if name.endswith("_file")}
    try:
        return kind(**{**given, **paths})
    except TypeError as error:
        raise DirectoriesError(f"{given.get('agency')}: {error}.") from error
