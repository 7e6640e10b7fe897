"""The files of an attachment's entry: several to an entry, each with a description, seen and downloaded (PF-7)."""
