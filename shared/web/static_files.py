"""Serves `/assets/` for all three services: the compiled style sheets name that address absolutely."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ASSETS = Path(__file__).with_name("assets")
PREFIX = "/assets/"
HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.\w+$")
ONE_DAY = 86_400  # seconds; for the icons, whose names carry no hash


def is_immutable(_path: str, url: str) -> bool:
    return bool(HASHED_NAME.search(url))


def with_assets(application: WSGIApplication, folder: Path = ASSETS) -> WSGIApplication:
    """Wraps a WSGI application; a hashed name may be kept for ever, an icon for a day."""
    served: WSGIApplication = WhiteNoise(
        application, root=folder, prefix=PREFIX, max_age=ONE_DAY, immutable_file_test=is_immutable
    )
    return served


@cache
def manifest(folder: Path = ASSETS) -> dict[str, str]:
    """Plain name → hashed name. Raises FileNotFoundError, with the command to run, before the first build."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run `make assets`.")
    names: dict[str, str] = json.loads(path.read_text())
    return names


def asset_url(name: str) -> str:
    return PREFIX + manifest()[name]
