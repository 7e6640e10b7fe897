"""Accounts of other systems, which send messages and read the directory but no page."""
