"""Conflicts of interest: whoever has one with a nominal says so, and the record is closed to them."""
