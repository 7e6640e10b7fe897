"""Archiving: what is ready for it, what stands against it, and bringing a record back (PF-4.16g, PF-4.16h)."""
