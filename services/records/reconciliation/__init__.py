"""Each night records states who stands how to its nominals and what still waits, so that differences are found."""
