"""The facts that identity tells: identifiers, codes and times, never a name.

A module for each capability; importing this package declares every kind of fact in them.
"""

from __future__ import annotations

from shared.modules import import_all

import_all(__name__, __path__)
