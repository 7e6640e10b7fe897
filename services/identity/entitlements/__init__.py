"""Entitlements to networks and gateways beside an account, today's and those of 2009 (PSI-7.3.1, PI-A.3)."""
