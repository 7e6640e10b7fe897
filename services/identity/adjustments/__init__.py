"""Assistive technology: what is done so that its users share information, and who is exempt from the mandate."""
