"""Deleting a record: a ground, a checklist, two people, and a tombstone that names nobody (PF-4.16i)."""
