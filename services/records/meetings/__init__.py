"""MAPP meetings and when their minutes came (PF-4.20)."""
