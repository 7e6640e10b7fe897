"""People, their cards and the units they belong to (PF-7/white pages)."""
