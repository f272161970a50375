"""How Alembic runs here: on the connection and within the transaction of `miniapp_api.migrate`."""

from typing import Any

from alembic import context

from miniapp_api.database import UTCDateTime


def _render(kind: str, thing: Any, _context: object) -> str | bool:
    """Write our type as what it is in the database: migrations outlive the code of today."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["metadata"],
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=_render,
)
context.run_migrations()
