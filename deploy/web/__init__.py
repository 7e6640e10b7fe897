"""The web edge: one origin in front of the three services."""
