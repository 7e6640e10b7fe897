"""Appointing to roles, and who is to follow whom (PF-4.8, PF-5.1, PF-5.9, PI-3.8.5)."""
