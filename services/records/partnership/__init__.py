"""Becoming partner to a record: asked for, granted within three days, ended (PF-4.25, PF-5.13)."""
