"""Who asked, kept with the job until it ends: the job decides by the same access token as the request did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.access.principal import Principal, grants


def kept(principal: Principal) -> dict[str, Any]:
    """As JSON."""
    return {
        "person_id": str(principal.person_id),
        "issuer": principal.issuer,
        "session_id": str(principal.session_id),
        "auth_time": principal.auth_time.isoformat(),
        "agency": principal.agency,
        "agency_kind": principal.agency_kind,
        "unit": principal.unit,
        "areas": list(principal.areas),
        "tokens": sorted([one.name, one.unit] for one in principal.tokens),
        "roles": sorted([one.name, one.unit] for one in principal.roles),
        "terminal": principal.terminal,
        "name": principal.name,
        "deputy_for": sorted(principal.deputy_for),
    }


def principal_of(asker: dict[str, Any]) -> Principal:
    return Principal(
        **{
            **asker,
            "person_id": UUID(asker["person_id"]),
            "session_id": UUID(asker["session_id"]),
            "auth_time": datetime.fromisoformat(asker["auth_time"]),
            "areas": tuple(asker["areas"]),
            "tokens": grants((name, unit) for name, unit in asker["tokens"]),
            "roles": grants((name, unit) for name, unit in asker["roles"]),
            "deputy_for": frozenset(asker["deputy_for"]),
        }
    )
