"""Handing records over to another manager or supervisor: one, or all that somebody who leaves holds."""
