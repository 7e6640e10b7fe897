"""What other capabilities show on the summary, without the summary knowing them: each registers its part.

    @summary_part("photograph")
    def photograph(work: Work, record: Record) -> Mapping[str, Any] | None: ...

Asked for by the page alone, after the reader was let in: the summary's JSON answer asks nothing more. None leaves the
part out. What each part gives:

| part              | its keys                                                                                 |
|-------------------|------------------------------------------------------------------------------------------|
| photograph        | `src`, `alt`; `href` of all photographs                                                   |
| warning_markers   | `markers`, a list of {`text`, `detail`}; `href`. It takes the place of the plain markers   |
| risk              | `rows`, a list of (key, value[, (text, href)]); `href`, `link` (its words)                |
| mappa             | the same                                                                                   |
| custody           | the same                                                                                   |
| next_deadline     | `text`, `due` (a date or a moment), `state` (as `deadline_tag` knows them); `href`         |
| minimum_dataset   | `held`, `wanted` (numbers), `missing` (texts); `href`                                      |
| banner            | `title`, `concerning` (texts), `since`, `href`: red, on every page of the record that asks  |
| places            | `text`, `href`: a further page of this nominal. Any number of capabilities may give one   |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from services.records.access.record import Record
from shared.work import Work

Part = Callable[[Work, Record], Mapping[str, Any] | None]
F = TypeVar("F", bound=Part)

ORDER = (
    "banner",
    "photograph",
    "warning_markers",
    "risk",
    "mappa",
    "custody",
    "next_deadline",
    "minimum_dataset",
    "places",
)
# Of these there may be as many as there are capabilities.
MANY = frozenset({"places"})
PARTS: dict[str, list[Part]] = {name: [] for name in ORDER}


def summary_part(name: str) -> Callable[[F], F]:
    """Register a part; raises ValueError for one that the summary does not know, or that another gives already."""

    def register(part: F) -> F:
        if name not in PARTS:
            raise ValueError(f"the summary has no part {name!r}")
        if PARTS[name] and name not in MANY:
            raise ValueError(f"{name!r} is given by {PARTS[name][0].__module__} already")
        PARTS[name].append(part)
        return part

    return register


def gathered(work: Work, record: Record) -> dict[str, Any]:
    """Each part by name, in their order: a list of those that may be many, else what was given, or None."""
    found = {name: _given(work, record, name) for name in ORDER}
    return {name: given if name in MANY else next(iter(given), None) for name, given in found.items()}


def banner(work: Work, record: Record) -> Mapping[str, Any] | None:
    """What stands in red above the record's pages, for a page that gathers no other part."""
    return next(iter(_given(work, record, "banner")), None)


def _given(work: Work, record: Record, name: str) -> list[Mapping[str, Any]]:
    given = [part(work, record) for part in PARTS[name]]
    return [one for one in given if one is not None]
