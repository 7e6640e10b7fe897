"""Loads a caseload of invented people, as many as a whole country has, in minutes."""

from services.records.demonstration.loading import load

__all__ = ["load"]
