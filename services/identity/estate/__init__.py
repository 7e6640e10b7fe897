"""The estate: agencies and units, loaded from a file and kept up from pages."""

NATIONAL = "national"
