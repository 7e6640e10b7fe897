"""What a prison told its own departments from a record, and when (PF-5.21, PF-5.25)."""
