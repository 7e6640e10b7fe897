"""How many intelligence reports about risk a prison raised each month, beside those that were added here (PF-5.8)."""
