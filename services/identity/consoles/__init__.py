"""A page for each who answers for something: what waits for them, in one place."""
