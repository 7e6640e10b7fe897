"""Help, and how accessible the pages are: for anybody, signed in or not, since it holds nobody's data."""
