"""How an offender manager who is no user stands in the General Comments (PF-7/HMPPS OM summary.3). Pure."""

from __future__ import annotations

ROLES = {"POM": "Prison offender manager (POM)", "COM": "Community offender manager (COM)"}
LONGEST_COMMENTS = 2000


def line_of(role: str, name: str, email: str, telephone: str) -> str:
    """Always the same layout, so that it is found at a glance."""
    return f"{role} (no ViSOR user): {name}; {email}; {telephone}"


def noted(comments: str | None, role: str, line: str) -> str:
    """The comments with this line first, in the place of an earlier one of the same role."""
    head = f"{role} (no ViSOR user): "
    others = [each for each in (comments or "").splitlines() if not each.startswith(head)]
    return "\n".join([line, *others]).strip()
