"""When each role was last seen at work in a database."""

BEAT = "INSERT INTO heartbeat (role, at) VALUES (%s, now()) ON CONFLICT (role) DO UPDATE SET at = now()"
