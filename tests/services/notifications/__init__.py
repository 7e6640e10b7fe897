"""The notifications service over a real PostgreSQL, brought up by its own migrations."""
