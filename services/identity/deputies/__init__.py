"""Who stands in for a CPC who is absent, or for an area without one (PF-7/LPC.2, PF-4.4.2)."""
