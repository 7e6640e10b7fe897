"""Every token and role as people say it."""

from __future__ import annotations

import pytest

from services.identity.appointments.table import roles
from services.identity.tokens.table import tokens
from services.notifications.delivery.rules import PERSONAL
from services.notifications.todo.telling import role_words

ALL = sorted({*tokens(), *roles(), *PERSONAL})
NAMES = {"ViSOR", "MAPPA", "CPC", "LPC", "SRO", "SPO", "POM", "PDU"}


@pytest.mark.parametrize("role", ALL)
def test_a_word_is_a_name_as_a_whole_or_not_at_all(role: str) -> None:
    said = role_words(role)
    assert said.lower() == role.replace("_", " ")
    for word in said.split():
        assert word in NAMES or (word.islower() and word.upper() not in {name.upper() for name in NAMES})


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("supervisor", "supervisor"),
        ("visor_lead", "ViSOR lead"),
        ("mappa_administrator", "MAPPA administrator"),
        ("head_of_pdu", "head of PDU"),
        ("cpc", "CPC"),
    ],
)
def test_roles_are_said_so(role: str, said: str) -> None:
    assert role_words(role) == said
