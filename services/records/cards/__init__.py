"""The minimal lines that other services' pages show: they store no name of a nominal themselves."""
