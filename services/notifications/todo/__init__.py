"""What people are to do, look at or know."""
