"""Who logs on and who does not, audited by the CPC or Central Support, each audit signed off."""
