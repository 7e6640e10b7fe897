"""Transferring many records at once: a unit that is merged, or a choice; one approval on each side (PF-4.16f)."""
