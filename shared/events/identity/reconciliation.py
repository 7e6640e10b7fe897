"""What identity states each night of what still waits, so that whoever keeps clocks for it can compare."""

from __future__ import annotations

from shared.events.stated import occasions_stated

OCCASIONS = occasions_stated("identity")
OCCASIONS_STATED, OCCASIONS_SETTLED = OCCASIONS.waits, OCCASIONS.nothing
