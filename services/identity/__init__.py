"""Who may use the system, from which terminal, holding which tokens."""
