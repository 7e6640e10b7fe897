"""Uploads as they arrive: encrypted from the first byte on, and settled when the request ends, however it ends."""

from __future__ import annotations

from functools import cache, partial
from typing import IO, Any, cast

import structlog
from flask import Flask, Request, current_app, request
from marshmallow import Schema
from sqlalchemy.exc import SQLAlchemyError

from shared.declarations import Command
from shared.files import Arriving
from shared.files.arriving import discard_stream
from shared.files.keeping import with_rows
from shared.web import guard
from shared.web.forms.upload import uploads

# A body is read to its end, and a file that is too large told in its field, up to here; beyond it is 413.
MOST_READ = 64 * 1024 * 1024
MOST_FILES = 20
log = structlog.get_logger(__name__)


class UploadRequest(Request):
    """No upload ever lies on a disk in plain; one that nobody asked for lies nowhere."""

    largest_upload = 0

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.arriving: list[Arriving] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - Werkzeug's
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        if not self.largest_upload or not filename or len(self.arriving) >= MOST_FILES:
            return cast("IO[bytes]", discard_stream())
        arriving = guard.runtime().files.arrive(filename, self.largest_upload)
        self.arriving.append(arriving)
        return cast("IO[bytes]", arriving)


def install(app: Flask) -> None:
    app.request_class = UploadRequest
    app.before_request(_expect)
    app.teardown_request(_settle)


def declared() -> Any:
    """The command or query that this address was made from, if any."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    while view is not None and not hasattr(view, "declared"):
        view = getattr(view, "__wrapped__", None)
    return getattr(view, "declared", None)


@cache
def sizes_of(schema: type[Schema]) -> tuple[int, ...]:
    """The most bytes that each of its files may have; looked up with every request, so made once."""
    return tuple(field.most for field in uploads(schema))


def _expect() -> None:
    """Where files are asked for the body may be larger than a form."""
    command = declared()
    sizes = sizes_of(command.input) if isinstance(command, Command) else ()
    if sizes and isinstance(request, UploadRequest):
        request.largest_upload = max(sizes)
        request.max_content_length = max(MOST_READ, 2 * sum(sizes))


def _settle(_error: BaseException | None = None) -> None:
    """Keep what was committed, delete the rest; with the database away the sweep does it later."""
    arrived = getattr(request, "arriving", [])
    if not arrived:
        return
    for each in arrived:
        each.close()
    runtime = guard.runtime()
    try:
        with runtime.system_work("files.settle") as work:
            runtime.files.settle([each.id for each in arrived], partial(with_rows, work))
    except (SQLAlchemyError, OSError) as error:
        log.warning("unsettled", files=len(arrived), kind=type(error).__name__)
