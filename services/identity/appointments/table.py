"""The roles: for which units, and who appoints to them (roles.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Words in a job title that say that somebody is a manager (PF-5.5: HOMD, HOMS, hub manager or any other manager).
MANAGER_WORDS = ("manager", "head of", "governor", "director", "homd", "homs", "hub")


@dataclass(frozen=True)
class Role:
    """One section of roles.toml; the file's head says what each value means."""

    name: str
    label: str
    appointed_by: tuple[str, ...]
    clause: tuple[str, ...]
    unit_kinds: frozenset[str] = frozenset()
    post: bool = False
    manager: bool = False
    no_updates: bool = False

    def fits(self, unit_kind: str) -> bool:
        return not self.unit_kinds or unit_kind in self.unit_kinds

    @property
    def appointers(self) -> str:
        """In words, for a refusal."""
        words = {"cpc": "the Central Point of Contact", "admin": "an administrator"}
        return " or ".join(words.get(name) or f"the {roles()[name].label}" for name in self.appointed_by)


@cache
def roles() -> Mapping[str, Role]:
    """Every role by name; raises TypeError for a value that the head of the file does not know."""
    text = (files("services.identity.appointments") / "roles.toml").read_text(encoding="utf-8")
    found = {}
    for name, row in tomllib.loads(text).items():
        sets = {key: tuple(row[key]) for key in ("appointed_by", "clause")}
        found[name] = Role(
            **{**row, **sets, "name": name, "unit_kinds": frozenset(row.get("unit_kinds", ()))}
        )
    return found


def label(name: str) -> str:
    known = roles().get(name)
    return known.label if known else name.replace("_", " ").capitalize()
