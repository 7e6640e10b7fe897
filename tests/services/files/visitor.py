"""Somebody with a browser or a programme, who uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def pdf(size: int) -> bytes:
    """A PDF of so many bytes."""
    return PDF[:9] + b"x" * (size - len(PDF)) + PDF[9:]


@dataclass
class Visitor:
    client: FlaskClient
    token: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, path: str, data: dict[str, Any], headers: Mapping[str, str] | None = None) -> TestResponse:
        """A multipart body made in memory: the client's own way spools what is large."""
        boundary, body = encode_multipart(_listed(data))
        return self.client.post(
            path,
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={**self.headers, **(headers or {})},
        )

    def post_form(self, content: bytes, name: str = "paper.pdf", **more: Any) -> TestResponse:
        data = {"title": "A paper", "csrf_token": self.csrf, "file": (BytesIO(content), name), **more}
        return self.send("/drawer/papers/new", data)

    def post_api(self, content: bytes, name: str = "paper.pdf", **more: Any) -> TestResponse:
        headers = more.pop("headers", {})
        data = {"title": "A paper", "file": (BytesIO(content), name), **more}
        return self.send("/drawer/api/papers", data, headers)

    def paper(self, content: bytes, name: str = "paper.pdf", **more: Any) -> str:
        """Its id."""
        answer = self.post_api(content, name, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])  # type: ignore[index]

    def download(self, paper: str) -> TestResponse:
        return self.client.get(f"/drawer/api/papers/{paper}/file", headers=self.headers)

    def remove(self, paper: str) -> TestResponse:
        return self.client.post(f"/drawer/api/papers/{paper}/remove", headers=self.headers)


def _listed(data: dict[str, Any]) -> dict[str, Any]:
    """A file as (stream, name), as the client takes it."""
    return {
        name: FileStorage(value[0], value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
