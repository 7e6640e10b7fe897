"""National policy: every value with its source, and how two people change one."""
