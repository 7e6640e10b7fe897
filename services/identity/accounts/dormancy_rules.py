"""When an account counts as unused, and what may be decided about it (PF-5.10.7.2)."""

from __future__ import annotations

from datetime import date, timedelta

from shared.time.periods import Period


def unused_before(today: date, after: Period) -> date:
    """Whoever last used their account on this day or before it is listed; the period counts calendar days."""
    return today - timedelta(days=after.amount)


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
