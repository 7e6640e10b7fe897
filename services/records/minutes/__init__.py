"""Minutes that come as a file in the folder of the plan, and how soon all of them come (PF-4.20)."""
