"""Reception in a prison: is this person a nominal, and if not, ask the area to create the record (PF-5.12, PF-4.12)."""
