"""A file as an answer: always to be saved, never shown as a page of ours."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app

from shared.files import Download


def sent(download: Download) -> Response:
    """The `send` of a query that answers with a file: an attachment, of the kind that its content showed.

    Nothing in it may run, should a browser open it after all.
    """
    answer = current_app.response_class(download.chunks(), mimetype=download.kind.mime)
    answer.content_length = download.size
    answer.headers["Content-Disposition"] = _disposition(download.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def shown_inline(download: Download) -> Response:
    """The `send` of a picture that this suite drew itself, for an `<img>` of its own pages. Never for what came in."""
    answer = sent(download)
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _disposition(name: str) -> str:
    """RFC 6266: the name as it is, and one of plain letters for programs that know no other."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
