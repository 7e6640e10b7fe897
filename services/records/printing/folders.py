"""The folders of the attachments that can be chosen."""

from __future__ import annotations

from services.records.attachments.catalogue import catalogue


def folder_options() -> list[tuple[str, str]]:
    """(key, title) of all 47, by title."""
    return sorted(((one.key, one.title) for one in catalogue().values()), key=lambda pair: pair[1])
