"""Whose password it is: ours, hashed, or the agency's, which its directory alone knows."""

from __future__ import annotations

from enum import Enum

from services.identity.agency_sign_in.configured import directories
from services.identity.agency_sign_in.ldap import DirectoryAway, confirms
from services.identity.people.models import Person
from services.identity.sign_in import passwords
from services.identity.sign_in.models import Credential
from shared.work import Work


class Right(Enum):
    """Only the first two let anybody in. `UNKNOWN`: the directory cannot be asked, and nothing else counts instead."""

    HERE = "here"
    BY_DIRECTORY = "by directory"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        return self in {Right.HERE, Right.BY_DIRECTORY}


def is_right(work: Work, person: Person | None, credential: Credential | None, password: str) -> Right:
    """Takes about as long where there is no such person; a directory's own time may be another."""
    known = directories(work.runtime.settings.directories)
    if person is None or not known.keeps_passwords(person.agency):
        here = passwords.matches(credential.password_hash if credential else None, password)
        return Right.HERE if here else Right.NO
    directory = known.ldap.get(person.agency)
    if directory is None:  # OpenID Connect: they give their password to the provider alone
        passwords.matches(None, password)
        return Right.NO
    try:
        return Right.BY_DIRECTORY if confirms(directory, person.username, password) else Right.NO
    except DirectoryAway:
        return Right.UNKNOWN


def keeps_own(work: Work, agency: str) -> bool:
    """Whether people of this agency have a password here, to change or to recover."""
    return not directories(work.runtime.settings.directories).keeps_passwords(agency)
