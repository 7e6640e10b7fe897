"""The three services. They meet in events, credentials and two reads, and import nothing of each other."""
