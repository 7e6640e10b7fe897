"""What `visor` can do, a module for each group; heavy imports stand inside the functions, so that each starts fast."""
