"""Somebody with a browser or a programme, who uploads."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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

    def post_form(self, content: bytes, name: str = "paper.pdf", **more: Any) -> TestResponse:
        data = {"title": "A paper", "csrf_token": self.csrf, "file": (BytesIO(content), name), **more}
        return self.client.post("/drawer/papers/new", data=data, headers=self.headers)

    def post_api(self, content: bytes, name: str = "paper.pdf", **more: Any) -> TestResponse:
        headers = self.headers | more.pop("headers", {})
        data = {"title": "A paper", "file": (BytesIO(content), name), **more}
        return self.client.post("/drawer/api/papers", data=data, headers=headers)

    def paper(self, content: bytes, name: str = "paper.pdf", **more: Any) -> str:
        """Its id."""
        answer = self.post_api(content, name, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])  # type: ignore[index]

    def download(self, paper: str) -> TestResponse:
        return self.client.get(f"/drawer/api/papers/{paper}/file", headers=self.headers)

    def remove(self, paper: str) -> TestResponse:
        return self.client.post(f"/drawer/api/papers/{paper}/remove", headers=self.headers)
