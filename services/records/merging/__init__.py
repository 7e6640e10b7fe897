"""Merging two records of one person, and undoing it (PF-4.16m)."""
