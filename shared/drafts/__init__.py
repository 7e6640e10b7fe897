"""Drafts of long entries: kept for whoever writes them, encrypted, so that they survive the session's end."""

from shared.drafts.keeping import Draft, discard, discarding, drafts_of, find, save

__all__ = ["Draft", "discard", "discarding", "drafts_of", "find", "save"]
