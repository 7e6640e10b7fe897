"""Calendars: working days by jurisdiction, months, and the end of a London day."""
