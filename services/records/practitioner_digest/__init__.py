"""What practitioners are to be told of changes to their nominals, and that their administrator told them (PF-4.27)."""
