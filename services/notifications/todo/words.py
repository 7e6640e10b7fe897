"""Roles as people say them, on pages."""

from __future__ import annotations

from flask import Blueprint

from services.notifications.todo.telling import role_words

# Filters of a blueprint count for the whole application.
filters = Blueprint("role_words", __name__)


@filters.app_template_filter("role_words")
def words(role: str) -> str:
    return role_words(role)


@filters.app_template_filter("role_title")
def title(role: str) -> str:
    """At the head of a line."""
    return sentence(role_words(role))


# What changed of a record, as people say it; what is not here is said as the fact has it.
_CHANGES = {
    "activity": "activity log",
    "mappa": "MAPPA category or level",
    "summary": "summary of the record",
    "restricted_update": "restricted update",
}


@filters.app_template_filter("change_words")
def change(what: str) -> str:
    return _CHANGES.get(what, what.replace("_", " "))


def sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"
