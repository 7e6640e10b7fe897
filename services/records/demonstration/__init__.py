"""Loads a caseload of invented people, as many as a whole country has, in minutes."""

from services.records.demonstration.loading import load
from services.records.demonstration.rows import nominal_id

__all__ = ["load", "nominal_id"]
