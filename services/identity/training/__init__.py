"""Who passed accredited ViSOR training (PF-6.2)."""
