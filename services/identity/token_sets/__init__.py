"""Sets of tokens and roles that fit what somebody does: proposed, and confirmed by the CPC (PSI-7.3.2, PI-GEIA.6)."""
