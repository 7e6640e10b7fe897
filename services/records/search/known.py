"""What is known of a nominal beside its summary, so that a search finds it: by keyed hashes, not in clear (ADR 0061).

A capability that keeps a telephone number, vehicle, address, other name or identifier of the nominal's own says so with
`know` in the transaction that saves it, and takes it back with `forget`. A name is `forenames surname`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import delete

from services.records.search import dictionary, parts
from services.records.search.models import KnownName, SearchKey
from shared.keys.nominal_key import NominalKey
from shared.work import Work

Kind = Literal["telephone", "address", "vehicle", "name", "identifier"]
_PURPOSE = "search"
_TABLES = (SearchKey, KnownName)


def know(work: Work, nominal_id: UUID, source_id: UUID, entries: Iterable[tuple[Kind, str]]) -> None:
    """From now on this is what `source_id`, an entry's own id, says of the nominal; what it said before is forgotten.

    Only what may be found by everybody who searches: nothing about a victim or another person, nothing of handling code
    C. A text in which there is nothing to look for is passed over.
    """
    forget(work, source_id)
    given = list(dict.fromkeys(entries))
    of = {"nominal_id": nominal_id, "source_id": source_id}
    key = work.runtime.keys.of_owner(None)
    for kind, text in given:
        if kind != "name" and (keys := keys_of(key, kind, text)):
            work.session.add(SearchKey(kind=kind, keys=keys, **of))
    names = [_name(text) for kind, text in given if kind == "name" and text.split()]
    for surname_id, forename_id in dictionary.ids_of(work.session, names):
        work.session.add(KnownName(surname_id=surname_id, forename_id=forename_id, **of))
    work.session.flush()


def forget(work: Work, source_id: UUID) -> None:
    """Nothing of what this source said is found any more."""
    for table in _TABLES:
        work.session.execute(delete(table).where(table.source_id == source_id))


def keys_of(key: NominalKey, kind: parts.Kind, text: str) -> list[int]:
    """What is kept of this text, in place of it; `key` is the service's own. Empty where nothing is to look for."""
    return hashes(key, parts.kept(kind, text))


def hashes(key: NominalKey, found: Sequence[str]) -> list[int]:
    """Of each part the first 64 bits of its keyed hash: enough to find by, and what is found is shown, not trusted."""
    return [int.from_bytes(key.keyed_hash(_PURPOSE, one)[:8], signed=True) for one in found]


def _name(text: str) -> tuple[str, str]:
    """(forenames, surname)."""
    *forenames, surname = text.split()
    return " ".join(forenames), surname
