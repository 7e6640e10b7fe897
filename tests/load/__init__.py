"""What the suite costs over what it stands on: `make bench`, or `python -m tests.load --help`."""
