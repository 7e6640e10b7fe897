"""How an offender manager who is no user stands in the General Comments, and whom another system names. Pure."""

from __future__ import annotations

ROLES = {"POM": "Prison offender manager (POM)", "COM": "Community offender manager (COM)"}
# The column of the nominal, and the system that says who it is.
COLUMNS = {"POM": "pom_id", "COM": "com_id"}
SYSTEMS = {"POM": "NOMIS", "COM": "nDelius"}
LONGEST_COMMENTS = 2000


def line_of(role: str, name: str, email: str, telephone: str) -> str:
    """Always the same layout, so that it is found at a glance (PF-7/HMPPS OM summary.3).

    Another system may know no telephone number.
    """
    return _head(role) + "; ".join(filter(None, (name, email, telephone)))


def noted(comments: str | None, role: str, line: str) -> str:
    """The comments with this line first, in the place of an earlier one of the same role."""
    return "\n".join(filter(None, (line, without(comments, role))))


def without(comments: str | None, role: str) -> str:
    """The comments without what is noted of this role."""
    others = [each for each in (comments or "").splitlines() if not each.startswith(_head(role))]
    return "\n".join(others).strip()


def agrees(recorded: str | None, comments: str | None, role: str, named: str) -> bool:
    """Whether the record has who is named (PF-4.24), by e-mail address: the user recorded, else what is noted."""
    wanted = named.strip().casefold()
    if recorded is not None:
        return recorded.strip().casefold() == wanted
    lines = (each for each in (comments or "").splitlines() if each.startswith(_head(role)))
    return any(wanted == part.strip().casefold() for line in lines for part in line.split(";"))


def _head(role: str) -> str:
    return f"{role} (no ViSOR user): "
