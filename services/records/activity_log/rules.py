"""What an entry can be, whose attention it can ask, and what it corrects. Pure."""

from __future__ import annotations

from datetime import date

# Kind → how it is called. A level 1 review is an entry of its own kind, not an attachment (PF-4.22).
KINDS = {
    "information": "Information",
    "contact": "Contact",
    "home_visit": "Home visit",
    "risk": "Risk",
    "risk_assessment": "Risk assessment added",
    "custody": "Custody",
    "mappa": "MAPPA",
    "level_1_review": "Level 1 review",
    "police_notice": "Police notice",
    "request_to_add": "Request to add",
    "imminent_risk": "Imminent risk",
    "ndelius_contact": "Contact from nDelius",
}
# Forms of their own: an imminent risk asks who was told before (PF-4.36.1), a contact from nDelius which one it is, so
# that it comes onto the log once (PF-4.17.1).
BY_HAND = {kind: text for kind, text in KINDS.items() if kind not in {"imminent_risk", "ndelius_contact"}}
# The four tick boxes (PF-7/Activity Log.2).
ATTENTION = {"manager": "Notify manager", "supervisor": "Supervisor", "lpc": "LPC", "cpc": "CPC"}
LONGEST = 20_000
# What is filled in for the administrator who tells the manager of a new risk assessment (PF-4.19.1).
ASSESSMENT_ADDED = (
    "A risk assessment (OASys R10) has been added to the risk assessment attachment. Please read it."
)
LEVEL_1_REVIEW = "level_1_review"


def change_word(*, important: bool, restricted: bool) -> str:
    """What those who stand to the record are told: of a restricted entry no more than that there is one."""
    if restricted:
        return "restricted update"
    return "important activity" if important else "activity"


def wrong_review_date(completed_on: date, today: date) -> dict[str, list[str]]:
    """Field → messages (PF-4.22: a review that was completed)."""
    if completed_on > today:
        return {"completed_on": ["The review must have been completed: its date cannot be in the future."]}
    return {}


def wrong_days(since: date | None, until: date | None) -> dict[str, list[str]]:
    if since is not None and until is not None and until < since:
        return {"until": ["The last day cannot be before the first"]}
    return {}


def holds_words(text: str, words: str) -> bool:
    """Whether every word stands somewhere in the text, in whatever case and order."""
    found = text.casefold()
    return all(word in found for word in words.casefold().split())
