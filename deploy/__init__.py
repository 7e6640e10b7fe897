"""How the suite is run: one machine, one agency, a cluster. Only this package knows the difference."""
