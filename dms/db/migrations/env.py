"""Alembic's entry: runs on the connection that `dms.db.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from dms.db.tables import Base
from dms.db.tables.base import Instant, Named


def _render(kind: str, value: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - alembic's own signature
    """Write our types as plain ones: a migration must not change when a class of ours does."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, Named):
        return "sa.String(length=40)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
