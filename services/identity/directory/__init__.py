"""What the other services may know of people and units, in order of change."""
