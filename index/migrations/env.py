"""Alembic's entry: migrations run on the connection that the database hands over."""

from alembic import context

from index.outgoing import subscription

context.configure(
    connection=context.config.attributes["connection"], target_metadata=subscription.metadata
)
with context.begin_transaction():
    context.run_migrations()
