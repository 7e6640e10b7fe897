"""How facts and work leave a service and arrive in another, once: outbox, relay, broker, inbox, task rows."""
