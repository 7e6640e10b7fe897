"""Each night what is known here is compared with what records states: differences are reported and mended."""
