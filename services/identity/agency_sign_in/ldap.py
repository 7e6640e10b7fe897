"""Asking an agency's LDAP directory: is this the password, is this person still there, what does their card say."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from ldap3 import AUTO_BIND_NO_TLS, AUTO_BIND_TLS_BEFORE_BIND, NONE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPBindError, LDAPException
from ldap3.utils.conv import escape_filter_chars

from services.identity.agency_sign_in.configured import LdapDirectory


class DirectoryAway(Exception):
    """The directory cannot be asked, so nothing can be said of anybody in it."""


@dataclass(frozen=True)
class Entry:
    """A person in the directory; `card` has those of name, email, telephone and job_title that it knows."""

    dn: str
    card: Mapping[str, str]


def confirms(directory: LdapDirectory, username: str, password: str) -> bool:
    """Whether the directory lets this person in. Raises DirectoryAway.

    An empty password is none: many directories take it as an anonymous bind, which succeeds (RFC 4513, 5.1.2).
    """
    if not password:
        return False
    found = entry_of(directory, username)
    if found is None:
        return False
    try:
        with _bound(directory, found.dn, password):
            return True
    except LDAPBindError:
        return False
    except LDAPException as error:
        raise DirectoryAway(directory.agency) from error


def entry_of(directory: LdapDirectory, username: str) -> Entry | None:
    """The one entry of this user name; None where there is none, or more than one. Raises DirectoryAway."""
    wanted = directory.user_filter.replace("{username}", escape_filter_chars(username))
    try:
        secret = directory.bind_password_file.read_text(encoding="utf-8").strip()
        with _bound(directory, directory.bind_dn, secret) as connection:
            connection.search(
                directory.base,
                wanted,
                attributes=list(directory.card.values()),
                size_limit=2,
                time_limit=directory.timeout,
            )
            found = [one for one in connection.response if one["type"] == "searchResEntry"]
    except (LDAPException, OSError) as error:
        raise DirectoryAway(directory.agency) from error
    if len(found) != 1:
        return None
    values = found[0]["attributes"]
    card = {name: _first(values.get(attribute)) for name, attribute in directory.card.items()}
    return Entry(found[0]["dn"], {name: value for name, value in card.items() if value})


@contextmanager
def _bound(directory: LdapDirectory, dn: str, password: str) -> Iterator[Connection]:
    """Never without TLS. Raises LDAPBindError for a wrong password, LDAPException for everything else."""
    ca_file = str(directory.ca_file) if directory.ca_file else None
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca_file, version=ssl.PROTOCOL_TLS_CLIENT)
    over_tls = urlsplit(directory.address).scheme == "ldaps"
    server = Server(directory.address, tls=tls, get_info=NONE, connect_timeout=directory.timeout)
    connection = Connection(
        server,
        dn,
        password,
        auto_bind=AUTO_BIND_NO_TLS if over_tls else AUTO_BIND_TLS_BEFORE_BIND,
        receive_timeout=directory.timeout,
        read_only=True,
        raise_exceptions=False,
    )
    try:
        yield connection
    finally:
        connection.unbind()


def _first(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "")
