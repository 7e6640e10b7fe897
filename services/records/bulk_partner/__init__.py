"""Partnering one user to many nominals at once."""
