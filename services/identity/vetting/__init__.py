"""Who is cleared, to what level and until when (PF-6.1)."""
