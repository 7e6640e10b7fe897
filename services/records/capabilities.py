"""Imports every capability of records, for what it declares, and gathers their special pages."""

from __future__ import annotations

from services import records
from shared.capabilities import import_capabilities

PAGES = import_capabilities(records.__name__, records.__path__)
