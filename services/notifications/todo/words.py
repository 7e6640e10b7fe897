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


def sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"
