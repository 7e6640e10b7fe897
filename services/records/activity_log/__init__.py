"""The activity log: where updates and information are shared, and the manager is told (PF-7/Activity Log)."""
