"""The walks go through the same worlds as the journeys."""

from tests.suite.conftest import people, templates, world

__all__ = ["people", "templates", "world"]
