"""How many items are open: polled by every page, so it asks for no audit entry and answers "as before" where it can."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.notifications.todo.shown import count_open
from shared.web import guard

count = Blueprint("todo_count", __name__)


@count.get("/api/todo/count")
def open_items() -> Response:
    """`{"count": n}` with an ETag; 304 while nothing changed. Read on the AUTOCOMMIT engine; a poll is no activity."""
    principal = guard.admit("signed_in")
    with Session(guard.runtime().database.reading) as session:
        answer = jsonify(count=count_open(session, principal))
    answer.headers["Cache-Control"] = "no-store"
    answer.add_etag()
    return answer.make_conditional(request)
