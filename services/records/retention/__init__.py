"""The review at the hundredth birthday: whether a record is kept (SC-17.12.3)."""
