"""How many items are open: polled by every page, so it asks for no audit entry and answers "as before" where it can."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from services.notifications.service import service
from services.notifications.todo import shown
from services.notifications.todo.counting import count_open
from services.notifications.todo.schemas import CountAnswer
from shared.web.schemas import Nothing
from shared.work import Work

# What every answer of this service passes through; it touches only the count's.
count = Blueprint("todo_count", __name__)
_PATH = "/todo/count"


@service.query("todo.count", path=_PATH, input=Nothing, answer=CountAnswer, audited=False)
def open_items(work: Work) -> dict[str, int]:
    """Open items of this person, read on the AUTOCOMMIT engine: the unit of work never opens a connection."""
    with Session(work.runtime.database.reading) as session:
        whose = shown.whose(session, work.principal, work.today)
        return {"count": count_open(work.runtime, session, whose, work.today, work.now)}


@count.after_app_request
def tag(answer: Response) -> Response:
    """An ETag for the count, and 304 while nothing has changed."""
    if request.path.endswith(f"/api{_PATH}") and answer.status_code == 200:  # noqa: PLR2004 - HTTP's own number
        answer.headers["Cache-Control"] = "no-store"
        answer.add_etag()
        answer.make_conditional(request)
    return answer
