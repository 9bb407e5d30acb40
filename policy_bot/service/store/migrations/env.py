"""Alembic's configuration: runs migrations on the given connection, in its open transaction."""

from alembic import context

from policy_bot.service.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
