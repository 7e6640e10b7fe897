"""A record on paper, or as a file for another system: for its maker alone, and gone after a day (SC-17.6.2)."""
