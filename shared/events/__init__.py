"""What the services tell each other, and in which words."""
