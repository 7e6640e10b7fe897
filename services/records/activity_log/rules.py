"""What an entry can be, and whose attention it can ask. Pure."""

from __future__ import annotations

# Kind → how it is called. A level 1 review is an entry of its own kind, not an attachment (PF-4.22).
KINDS = {
    "information": "Information",
    "contact": "Contact",
    "home_visit": "Home visit",
    "risk": "Risk",
    "custody": "Custody",
    "mappa": "MAPPA",
    "level_1_review": "Level 1 review",
}
# The four tick boxes (PF-7/Activity Log.2).
ATTENTION = {"manager": "Notify manager", "supervisor": "Supervisor", "lpc": "LPC", "cpc": "CPC"}
LONGEST = 20_000
