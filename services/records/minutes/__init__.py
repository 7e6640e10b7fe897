"""Minutes in the folder of the plan, typed or as a file, and how soon all of them come (PF-4.20)."""
