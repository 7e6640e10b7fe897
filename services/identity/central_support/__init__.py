"""Asking for the Central Support token, and the CPC's answer (PF-7/Central Support Token.1)."""
