"""The return of a prison: staff movements, vetting, training and log-ons, confirmed by its ViSOR lead."""
