"""What each agency's part of a record must hold, how much of it is there, and the gaps (PF-4.23)."""
