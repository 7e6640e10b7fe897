"""A move to another prison that is booked, and the checklist before it: the record goes on fully updated (PF-5.9.6)."""
