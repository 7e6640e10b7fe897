"""Handing a record to another area or agency: asked for by one CPC, agreed by the other (PF-4.16k)."""
