"""Contacts of nDelius, probation's case management, that are copied into the activity log (PF-4.17)."""
