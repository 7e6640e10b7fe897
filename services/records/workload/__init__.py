"""How many records each administrator has, counted for the reports on staff (PF-0.11.3)."""
