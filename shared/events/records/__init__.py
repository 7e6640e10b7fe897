"""The facts that records tells: identifiers, codes, dates and counts; never a name, never a narrative.

A module for each capability; importing this package declares every kind of fact in them.
"""

from __future__ import annotations

from shared.modules import import_all

import_all(__name__, __path__)
