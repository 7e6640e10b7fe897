"""When an account counts as unused, and what may be decided about it (PF-5.10.7.2)."""

from __future__ import annotations

from datetime import date, timedelta

from shared.time.periods import Period


def unused_before(today: date, days: int) -> date:
    """Whoever last used their account on this day or before it has not used it for so many calendar days."""
    return today - timedelta(days=days)


def noticed_after(listed_after: Period) -> int:
    """The days after which its holder is first reminded: half of those after which the account is listed."""
    return listed_after.amount // 2


def wrong_decision(
    decision: str, keep_until: date | None, today: date, *, prison: bool, lead_consulted: bool
) -> dict[str, list[str]]:
    """Field by field; nothing where it may stand."""
    wrong: dict[str, list[str]] = {}
    if decision == "keep" and (keep_until is None or keep_until <= today):
        wrong["keep_until"] = ["Give a day in the future until which the account is kept."]
    if decision == "disable" and keep_until is not None:
        wrong["keep_until"] = ["Leave this empty: the account is disabled at once."]
    if prison and not lead_consulted:
        wrong["lead_consulted"] = ["Consult the ViSOR lead of the prison first."]
    return wrong
