"""How Alembic runs the migrations: on the connection it is given, in the transaction that is open there."""

from alembic import context

from policy_bot.service.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
