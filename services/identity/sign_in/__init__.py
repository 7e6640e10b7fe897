"""Signing in: a password, a one-time code, the rules of who and where, and the session that follows."""
