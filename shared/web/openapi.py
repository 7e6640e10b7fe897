"""The OpenAPI document, written when somebody first reads it.

Describing some six hundred endpoints takes a sixth of the time of a start and is read by few.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from apispec import APISpec
from flask import Flask, Response
from flask_smorest import Api, Blueprint


class LateApi(Api):  # type: ignore[misc]
    """flask-smorest's, whose document waits for its first reader."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self._unwritten: list[Callable[[], object]] = []
        self._writing = threading.Lock()
        super().__init__(app, **options)

    def later(self, write: Callable[[], object]) -> None:
        """One part of the document."""
        self._unwritten.append(write)

    def document(self) -> APISpec:
        """The whole of it."""
        with self._writing:
            while self._unwritten:
                self._unwritten.pop(0)()
        spec: APISpec = self.spec
        return spec

    def _openapi_json(self) -> Response:
        self.document()
        answer: Response = super()._openapi_json()
        return answer


class LateBlueprint(Blueprint):  # type: ignore[misc]
    """Its routes stand at once; what they take and give is described with the rest of the document."""

    def __init__(self, *named: Any, **options: Any) -> None:
        self._undescribed: list[Callable[[], object]] = []
        super().__init__(*named, **options)

    def _store_endpoint_docs(self, *route: Any, **options: Any) -> None:
        self._undescribed.append(partial(super()._store_endpoint_docs, *route, **options))

    def register_views_in_doc(self, api: LateApi, app: Flask, spec: APISpec, **more: Any) -> None:
        api.later(partial(self._describe, api, app, spec, **more))

    def _describe(self, api: LateApi, app: Flask, spec: APISpec, **more: Any) -> None:
        while self._undescribed:
            self._undescribed.pop(0)()
        super().register_views_in_doc(api, app, spec, **more)
