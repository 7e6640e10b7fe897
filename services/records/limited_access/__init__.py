"""Limited Access: a CPC closes a record to all but a named list, with a reason and a date on which it is reviewed."""
