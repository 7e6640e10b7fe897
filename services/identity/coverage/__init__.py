"""Which posts each area, unit, group and prison must have, who holds them, and what is vacant or soon will be."""
