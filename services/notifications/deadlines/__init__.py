"""Periods that policy sets, and what happens as they run out."""
