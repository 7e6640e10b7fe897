"""Prints who can sign in to a demonstration, and how; nothing for any other database."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec

from shared.settings import Settings

SHEET = "deploy.demonstration.cast_sheet"


def tell(settings: Settings) -> None:
    if find_spec(SHEET) is not None:
        importlib.import_module(SHEET).print_sheet(settings)


if __name__ == "__main__":
    os.nice(10)  # whoever opens the first page meanwhile goes before
    tell(Settings.from_environment())
