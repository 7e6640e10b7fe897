"""What an agency's directory says of somebody: for the administrator who makes their account."""

from __future__ import annotations

from typing import Any

from services.identity.agency_sign_in.configured import directories
from services.identity.agency_sign_in.ldap import DirectoryAway, entry_of
from services.identity.agency_sign_in.schemas import DirectoryAnswer, DirectorySearch
from services.identity.service import service
from shared.refusals import Invalid, Refusal
from shared.work import Work


@service.query(
    "agency_sign_in.look_up",
    path="/agency-directory",
    input=DirectorySearch,
    answer=DirectoryAnswer,
    method="POST",
)
def look_up(work: Work, *, agency: str, username: str) -> dict[str, Any]:
    """Name, e-mail, telephone and job title, to make the account from (PF-7/Identity Manager LDAP.1).

    Raises Refusal R11 for anybody but an administrator, R46 where the directory cannot be asked.
    """
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right
    directory = directories(work.runtime.settings.directories).ldap.get(agency)
    if directory is None:
        raise Invalid(
            {"agency": ["This agency’s people are not kept in an LDAP directory that is known here"]}
        )
    work.concerns(agency=agency)
    try:
        entry = entry_of(directory, username.strip())
    except DirectoryAway as error:
        raise Refusal("R46") from error
    return {"found": entry is not None, "card": dict(entry.card) if entry else {}}
