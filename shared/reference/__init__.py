"""Lookup tables that a policy owner can read, and the typed loaders over them."""
