"""Risk assessments and their sign-off by the record's supervisor (PF-7/Supervisor.1)."""
