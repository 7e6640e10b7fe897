"""Who is asking, for every request; nothing is answered before this has said so."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request

from shared.access.credentials import CredentialRefused, Verifier
from shared.access.principal import Principal, anonymous
from shared.declarations import Audience
from shared.refusals import Contact, Refusal
from shared.runtime import Runtime
from shared.web.csrf import FormTokens

# Set by the edge for a visitor whose session it could not ask for.
AWAY = "visor.identity_away"


class SignedOut(Exception):
    """Nobody is signed in, or the session has ended."""


class IdentityAway(Exception):
    """There is a session, but who it is cannot be asked: identity or its database is away."""


class ForgedForm(Exception):
    """A form was posted that did not come from a page of this session."""


def runtime() -> Runtime:
    return cast("Runtime", current_app.extensions["visor.runtime"])


def verifier() -> Verifier:
    return cast("Verifier", current_app.extensions["visor.verifier"])


def form_tokens() -> FormTokens:
    return cast("FormTokens", current_app.extensions["visor.form_tokens"])


def credential() -> str | None:
    """The access token of this request. Services read no cookie: the edge trades it for this."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" and token else None


def principal() -> Principal:
    """Whoever is asking; `anonymous()` where nobody is signed in."""
    if "principal" not in g:
        g.principal = _read_principal()
    return cast("Principal", g.principal)


def _read_principal() -> Principal:
    token = credential()
    if token is None:
        if request.environ.get(AWAY):
            raise IdentityAway
        return anonymous()
    try:
        known = verifier().principal(token)
    except CredentialRefused:
        return anonymous()
    if not known.is_system and runtime().revocations.hold(known):
        return anonymous()
    return known


def admit(audience: Audience) -> Principal:
    """The principal, if this audience includes it. Raises SignedOut, or Refusal for a session that is not whole."""
    known = principal()
    if audience == "anyone":
        return known
    if known.issuer == "nobody":
        raise SignedOut
    if audience == "integration" or known.scope in {"integration", "system"}:
        if audience == "integration" and known.scope in {"integration", "system"}:
            return known
        raise Refusal("R32", role="another kind of account")
    if known.scope == "onboarding" and audience != "onboarding":
        raise _held_up(known)
    return known


def _held_up(known: Principal) -> Refusal:
    """In the words of the refusal that stands in this session's way, as the sign-in found it."""
    if known.held_up is None:
        return Refusal("R06", version="")
    contact = Contact("your Central Point of Contact")
    return Refusal(known.held_up.code, contact=contact, **known.held_up.fills)  # type: ignore[arg-type]


def visitor() -> Principal:
    """For pages that anybody may send before they are somebody: whatever session the browser holds counts for nothing.

    It may end, or be told to have ended, while the form is filled in, and the form would look forged.
    """
    known = g.principal = anonymous()
    return known


def check_form(known: Principal) -> None:
    """A page's form must carry the token of its own session; and a browser says from which site it posts."""
    check_site()
    if not form_tokens().belongs(request.form.get("csrf_token", ""), known):
        raise ForgedForm


def check_site() -> None:
    """A browser says from which site it posts."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedForm
