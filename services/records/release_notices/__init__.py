"""A release date that is entered or changed is told to police and probation by itself, with a receipt (PSI-6.1)."""
