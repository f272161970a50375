"""Addresses of the pages of cases: all of mine and looking one up, one of mine, the one that was looked up."""

from apiflask import APIBlueprint

from miniapp_api.accounts.service import public
from miniapp_api.web import assets
from miniapp_api.web.service import page

bp = APIBlueprint("cases", __name__, url_prefix="/cases", enable_openapi=False)

BORROWED = tuple(f"appointments/{name}.js" for name in ("ask", "screen", "way", "words"))
"""How screens work, the pages of appointments say."""


@bp.get("")
@public
def mine() -> str:
    """Serve the page with the cases on this telephone, and where one looks up another."""
    return _page("mine")


@bp.get("/found")
@public
def found() -> str:
    """Serve the page of the case that was looked up in this tab."""
    return _page("one")


@bp.get("/<case_id>")
@public
def one(case_id: str) -> str:
    """Serve the page of one case; the API checks whose it is."""
    return _page("one", case_id=case_id)


def _page(part: str, **values: str) -> str:
    modules = [*BORROWED, *assets.modules_of(assets.FOLDER, ("lib", "cases", f"cases/{part}"))]
    return page("cases.html", part=part, modules=modules, **values)
