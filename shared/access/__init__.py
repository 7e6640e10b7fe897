"""Who is asking, how we know, and what a refusal says."""
