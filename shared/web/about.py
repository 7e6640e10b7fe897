"""What a form is about where that is a user: their name above its heading, with the white-pages card behind it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from markupsafe import Markup

from shared.web.card_url import CARD_URL

# In a tab of its own, which is said: leaving the form would lose what was typed.
_LINK = Markup(
    '<a class="govuk-link visor-person" href="{}" target="_blank" rel="noopener">{} (opens in a new tab)</a>'
)


class Carded(Protocol):
    """A person as identity keeps them, or their card as the other services have it."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


def about(person: Carded, *, before: str = "", after: str = "") -> Markup:
    """`values["about"]` of a form, with plain words before and after the name (PF-7/white pages.4)."""
    link = _LINK.format(CARD_URL.format(person_id=person.id), person.name)
    return Markup("{}{}{}").format(before, link, after)
