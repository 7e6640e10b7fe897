"""Every error as an answer: problem+json for programs, a page that says what to do for people. None is a bare 500."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from shared.database import is_away
from shared.declarations import Command
from shared.keys import KeyDestroyed
from shared.refusals import Invalid, NotFound, Refusal, Stale
from shared.web import guard, problems
from shared.web.endpoints import VersionRequired
from shared.web.forms import posted_fields

READS = frozenset({"GET", "HEAD"})
SIGN_IN, CONFIRM = "/identity/sign-in", "/identity/confirm"
NEXT_STEPS = {
    "R13": ("Give your reason", "/records/nominals/{nominal_id}/open"),
    "R51": ("Go to the record", "/records/nominals/{nominal_id}"),
    "R14": ("Request partnership", "/records/nominals/{nominal_id}/partnership/requests/new"),
}
log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Registers one handler for each kind of error."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Invalid, invalid)
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(KeyDestroyed, not_found)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(VersionRequired, version_required)
    app.register_error_handler(guard.SignedOut, signed_out)
    app.register_error_handler(guard.ForgedForm, forged)
    app.register_error_handler(guard.IdentityAway, away)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(SQLAlchemyError, of_database)
    app.register_error_handler(Exception, unexpected)


def for_program() -> bool:
    return "/api/" in request.path or request.path.endswith("/api")


def refused(refusal: Refusal) -> ResponseReturnValue:
    if refusal.elsewhere and request.method in READS and request.endpoint:
        return redirect(_elsewhere(request.endpoint, refusal), 307)
    if for_program():
        return problems.of_refusal(refusal)
    if refusal.code == "R31":
        return led_to_confirm()
    return page("visor/refusal.html", refusal.status, refusal=refusal, next_steps=next_steps(refusal))


def _elsewhere(endpoint: str, refusal: Refusal) -> str:
    """The same page or resource, where it is now. Only for who reads: nobody writes where they did not look.

    What was asked for behind `?` goes along as it came: `url_for` would take some names of it for its own.
    """
    address = url_for(endpoint, **{**(request.view_args or {}), **refusal.elsewhere})
    asked = request.query_string.decode("ascii", "replace")
    return f"{address}{'&' if '?' in address else '?'}{asked}" if asked else address


def led_to_confirm() -> ResponseReturnValue:
    """To identity's page, and back from there. 307 makes the browser send what was typed along, in no address."""
    address = f"{CONFIRM}?to={quote(request.full_path.rstrip('?'), safe='/')}"
    if any(file.filename for file in request.files.values()):
        return page("visor/confirm_elsewhere.html", 401, confirm_url=CONFIRM)
    return redirect(address, 303 if request.method == "GET" else 307)


_TO_SIGN = frozenset({"R06", "R07"})


def next_steps(refusal: Refusal) -> list[tuple[str, str]]:
    """What the refused person can do about it themselves, by the page where it is done."""
    if refusal.code in _TO_SIGN:
        return [("Read and sign your documents", "/identity/documents")]
    step = NEXT_STEPS.get(refusal.code)
    if step is None or refusal.nominal_id is None:
        return []
    return [(step[0], step[1].format(nominal_id=refusal.nominal_id))]


def invalid(error: Invalid) -> ResponseReturnValue:
    if for_program():
        return problems.of_fields(error.errors)
    paragraphs = [text for messages in error.errors.values() for text in _texts(messages)]
    return page("visor/message.html", 422, heading="Some of this needs correcting", paragraphs=paragraphs)


def not_found(_error: Exception) -> ResponseReturnValue:
    if for_program():
        return problems.problem(404, "NOT_FOUND", "There is nothing here, or nothing that you may know of.")
    return page("visor/not_found.html", 404)


def stale(error: Stale) -> ResponseReturnValue:
    if for_program():
        return problems.of_stale(error, 412 if "If-Match" in request.headers else 409)
    return page("visor/message.html", 409, heading="Somebody else saved this first", paragraphs=[])


def version_required(_error: Exception) -> ResponseReturnValue:
    return problems.problem(
        428, "VERSION_REQUIRED", "Send the version that you read, in If-Match or as `version`."
    )


def signed_out(_error: Exception) -> ResponseReturnValue:
    if for_program():
        return problems.problem(401, "SIGNED_OUT", "Sign in first.")
    if request.method == "GET":
        return redirect(SIGN_IN, 303)
    return page("visor/session_ended.html", 401, sign_in_url=SIGN_IN)


def forged(_error: Exception) -> ResponseReturnValue:
    return page("visor/resend.html", 403)


def of_http(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's own: no such address, no such method, a body that is no JSON, too large."""
    data: dict[str, Any] = getattr(error, "data", {}) or {}
    if "messages" in data:
        return problems.of_fields(_flat(data["messages"]))
    if isinstance(error.code, int) and error.code in range(300, 400):
        return error.get_response()
    if for_program():
        answer = problems.problem(
            error.code or 500, error.name.upper().replace(" ", "_"), error.description or ""
        )
        if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = error.get_response().headers.get("Allow", "")
        return answer
    if error.code == HTTPStatus.NOT_FOUND:
        return page("visor/not_found.html", 404)
    return page("visor/message.html", error.code or 500, heading=error.name, paragraphs=[error.description])


def of_database(error: SQLAlchemyError) -> ResponseReturnValue:
    if not is_away(error):
        return unexpected(error)
    return away(error)


def away(error: Exception) -> ResponseReturnValue:
    """Made without any database; what was typed is in it with the form's own key, so that sending again counts once."""
    log.warning("away", kind=type(error).__name__, rule=str(request.url_rule))
    if for_program():
        return problems.unavailable()
    answer = page("visor/unavailable.html", 503)
    answer.headers["Retry-After"] = str(problems.RETRY_SECONDS)
    return answer


def unexpected(error: Exception) -> ResponseReturnValue:
    """Our own fault: logged by kind and place (never with what was sent), answered without detail."""
    log.error(
        "unexpected", kind=type(error).__name__, rule=str(request.url_rule), exc_info=_traceback_only(error)
    )
    if for_program():
        return problems.problem(500, "FAULT", "Something went wrong on our side. Nothing was changed.")
    heading = "Something went wrong on our side"
    return page(
        "visor/message.html", 500, heading=heading, paragraphs=["Nothing was changed. Try again later."]
    )


def page(template: str, status: int, **values: Any) -> Response:
    """An error's page; what was posted goes back to the person in it."""
    command = _command()
    text = render_template(template, **{**_posted(command), "action": request.path, **values})
    return Response(text, status=status, mimetype="text/html")


def _posted(command: Command | None) -> dict[str, Any]:
    """Nothing where the body was too large to be read."""
    if request.method != "POST":
        return {"posted": [], "files": sorted(request.files)}
    try:
        posted = posted_fields(request.form, command.input if command else None)
        return {"posted": posted, "files": sorted(request.files)}
    except HTTPException:
        return {"posted": [], "files": []}


def _command() -> Command | None:
    view = current_app.view_functions.get(request.endpoint or "")
    declared = getattr(view, "declared", None)
    return declared if isinstance(declared, Command) else None


def _texts(messages: Any) -> list[str]:
    return [messages] if isinstance(messages, str) else [str(each) for each in messages]


def _flat(messages: dict[str, Any]) -> dict[str, Any]:
    """Webargs names the place first (`json`, `query`); people want the field."""
    inner = [value for value in messages.values() if isinstance(value, dict)]
    return {field: text for each in inner for field, text in each.items()} or {
        "body": list(messages.values())
    }


def _traceback_only(error: Exception) -> Exception:
    """The exception without its arguments: a database error's text can quote a name."""
    bare = RuntimeError(type(error).__name__)
    return bare.with_traceback(error.__traceback__)
