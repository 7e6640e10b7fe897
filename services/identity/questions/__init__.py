"""Questions about one’s own access, asked from the page, answered by an administrator or the CPC (PI-A.4)."""
