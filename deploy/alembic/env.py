"""What Alembic runs for every version; `deploy.migrations` gives it the connection, with its timeouts set.

No `fileConfig`: it would silence the loggers of the process that migrates.
"""

from __future__ import annotations

from alembic import context

from deploy.alembic_rendering import render_item

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    transaction_per_migration=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
