"""The compliance pack: what identity knows of how a place complies, and where the other parts of the pack are."""
