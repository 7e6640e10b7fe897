"""Activity log entries for invented nominals, put together from neutral sentences."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from deploy.demonstration.chance import chance_of
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.toml import hashable, toml
from deploy.demonstration.users import InventedUser, Staff
from shared.reference.estate import agencies

_MIDDLES = (1, 2, 2, 3, 3, 4)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """`author` a username; `kind` a code of wording.toml."""

    on: date
    author: str
    kind: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    subject: str
    by: tuple[str, ...]
    where: str
    openings: tuple[str, ...]
    middles: tuple[str, ...]
    closings: tuple[str, ...]


def log_entries(
    seed: int, nominal: InventedNominal, count: int, today: date, staff: Staff
) -> Iterator[LogEntry]:
    """`count` entries from the record's creation on, oldest first, each by its manager or a partner."""
    chance = chance_of(seed, nominal.index, "log")
    known = max((today - nominal.created_on).days, 1)
    authors = [staff.by_username[name] for name in (nominal.around.manager, *nominal.around.partners)]
    days = sorted(chance.randrange(known) for _ in range(count))
    return (_entry(chance, nominal, nominal.created_on + timedelta(days=day), authors) for day in days)


def _entry(
    chance: random.Random, nominal: InventedNominal, on: date, authors: list[InventedUser]
) -> LogEntry:
    inside = nominal.custody is not None and nominal.custody.received_on <= on
    author = chance.choice(authors)
    kind = chance.choice(_kinds_for(_agency_kinds()[author.agency], "custody" if inside else "community"))
    sentences = [
        chance.choice(kind.openings),
        *chance.sample(kind.middles, chance.choice(_MIDDLES)),
        chance.choice(kind.closings),
    ]
    title = "Ms" if nominal.sex == "female" else "Mr"
    known = {"name": f"{title} {nominal.main_name.surname}", "office": nominal.town}
    text = _filled(chance, " ".join(sentences), known, writer=_agency_kinds()[author.agency])
    return LogEntry(on, author.username, kind.code, kind.subject, text)


def _filled(chance: random.Random, text: str, known: Mapping[str, str], writer: str) -> str:
    """Every brace is drawn for itself, so that two months may differ; no agency hears from itself."""
    parts = []
    for literal, field, _, _ in string.Formatter().parse(text):
        parts.append(literal)
        if field:
            parts.append(known.get(field) or chance.choice(_fills(field, writer)))
    return "".join(parts)


@cache
def kinds() -> tuple[Kind, ...]:
    return tuple(Kind(**hashable(row)) for row in toml("wording.toml")["kinds"])


@cache
def _kinds_for(agency_kind: str, where: str) -> tuple[Kind, ...]:
    """What a writer of that kind of agency writes of somebody there; a prison may write of one who is out again."""
    fitting = tuple(kind for kind in kinds() if agency_kind in kind.by and kind.where in ("any", where))
    return fitting or tuple(kind for kind in kinds() if kind.where == "any")


@cache
def _fills(field: str, writer: str) -> tuple[str, ...]:
    return tuple(text for text in toml("wording.toml")["fills"][field] if writer not in text)


@cache
def _agency_kinds() -> Mapping[str, str]:
    return {agency.code: agency.kind for agency in agencies()}
