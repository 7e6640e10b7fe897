"""Approved terminals, and the networks from which the suite may be used (PF-6.4, PF-6.6)."""
