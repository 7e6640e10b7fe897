"""Buildings and their networks: the places from which the suite may be used (PF-6.6.3, PF-6.6.4)."""
