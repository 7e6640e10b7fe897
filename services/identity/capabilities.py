"""Imports every capability of identity, for what it declares, and gathers their special pages."""

from __future__ import annotations

from services import identity
from shared.capabilities import import_capabilities

PAGES = import_capabilities(identity.__name__, identity.__path__)
