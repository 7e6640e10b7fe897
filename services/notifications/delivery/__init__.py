"""Who is told: the people a fact names who are still there, the next holder otherwise, and vacant roles."""
