"""Errors as problem+json (RFC 9457): one shape for every refusal, so that a program can read them too."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from shared.refusals import Contact, Refusal, Stale

RETRY_SECONDS = 10


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return Response(json.dumps(body, default=str), status=status, mimetype="application/problem+json")


def of_refusal(refusal: Refusal) -> Response:
    answer = problem(
        refusal.status,
        refusal.rule.title,
        refusal.message,
        code=refusal.code,
        clauses=list(refusal.rule.clauses),
        contact=_contact(refusal.contact),
        **refusal.more,
    )
    if refusal.code == "R31":  # what a program can make of it (RFC 9470)
        answer.headers["WWW-Authenticate"] = 'Bearer error="insufficient_user_authentication"'
    return answer


def of_fields(errors: dict[str, Any]) -> Response:
    return problem(422, "INVALID", "Some fields need correcting. Nothing was changed.", errors=errors)


def of_stale(stale: Stale, status: int) -> Response:
    detail = "Somebody else saved this since you read it. Nothing was changed."
    return problem(
        status, "STALE", detail, version=stale.version, yours=stale.mine, theirs=stale.theirs, **_saved(stale)
    )


def unavailable() -> Response:
    detail = (
        "The register's database cannot be reached at the moment. Nothing was changed. Try again shortly."
    )
    answer = problem(503, "UNAVAILABLE", detail)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _contact(contact: Contact | None) -> dict[str, str | None] | None:
    if contact is None:
        return None
    return {
        "what": contact.what,
        "name": contact.name,
        "telephone": contact.telephone,
        "card_url": contact.card_url,
    }


def _saved(stale: Stale) -> dict[str, str]:
    """Who saved theirs and when, as far as it is known."""
    by = {"saved_by": stale.by.name} if stale.by is not None and stale.by.name else {}
    return by | ({"saved_at": stale.at.isoformat()} if stale.at is not None else {})
