"""What a new record is checked for, with where each rule stands (PI-3.7, PSI-5.3.3)."""
