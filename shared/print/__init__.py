"""Papers to be printed or kept: tagged PDF (PDF/UA-1), made of a template of ours and of data that stay data."""

from shared.print.making import NotMade, pdf

__all__ = ["NotMade", "pdf"]
