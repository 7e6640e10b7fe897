"""The CPC's log of what they assured and approved outside the system (PF-7/CPC Probation.2)."""
