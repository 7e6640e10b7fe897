"""A caseload of invented people, the same every time for the same seed. Nobody in it lives or has lived."""

MARK = "Invented for demonstration. Any likeness to a person is chance."
