"""Imminent risk: line manager and police are told first, then everybody who works with the record (PF-4.36)."""
