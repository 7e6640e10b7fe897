"""Open sessions: the opaque id in the browser, the access token it is traded for, and how a session ends."""
