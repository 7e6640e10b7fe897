"""Which fact gives whom what to do."""
