"""Whether units have staff enough with the right vetting and training (PF-4.2, PF-5.3)."""
