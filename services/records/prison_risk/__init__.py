"""Risk information that the prisons’ own system tells, to be added to the record (PF-5.22)."""
