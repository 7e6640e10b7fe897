"""Checking a record before contact with the person (PF-4.31)."""
