"""Live records that nobody has touched for long: their manager is asked to look, then LPC and CPC (SC-17.10)."""
