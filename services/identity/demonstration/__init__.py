"""What only a demonstration has: invented people, a chooser of terminals and networks, and codes shown on a page.

A database that is not marked as demonstration can have none of it: `load` refuses it, the pages do not exist in it,
and a simulated place counts for nothing.
"""

from services.identity.demonstration.loading import load, password, person_id

__all__ = ["load", "password", "person_id"]
