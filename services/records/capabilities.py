"""Imports every capability, so that its declarations, handlers, tasks and ticks are known."""

from __future__ import annotations

from services.records.access import models as access_models  # noqa: F401
from services.records.nominals import models as nominal_models  # noqa: F401
