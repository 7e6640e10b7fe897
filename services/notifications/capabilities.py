"""Imports every capability of notifications, for what it declares, and gathers their special pages."""

from __future__ import annotations

from services import notifications
from shared.capabilities import import_capabilities

PAGES = import_capabilities(notifications.__name__, notifications.__path__)
