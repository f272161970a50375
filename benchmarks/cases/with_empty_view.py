"""The product with one view more that does nothing: what a request costs here at the least."""

from __future__ import annotations

from miniapp_api.accounts.service import requires_visitor
from miniapp_api.wsgi import app


@app.get("/api/v1/empty")
@requires_visitor
@app.doc(hide=True)
def empty() -> dict[str, str]:
    """Answer a citizen with next to nothing."""
    return {}
