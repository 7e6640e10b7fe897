"""The 47 attachments of a record, folders of information that all grow from one catalogue (PF-7/Attachments)."""
