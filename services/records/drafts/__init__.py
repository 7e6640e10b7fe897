"""The drafts that somebody has: to go on with, or to throw away."""
