"""Tokens (access rights) and roles: who holds which, for which unit, from when to when."""
