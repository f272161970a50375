"""Every route says who may call it; an application with a silent route does not start."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., object])


class Access(Enum):
    """Who may call a route."""

    PUBLIC = "anybody"
    VISITOR = "whoever has the token of a visitor"
    LOOKED_UP = "whoever has the token of a case that was looked up; `cases` enforces it"
    OPERATOR = "whoever calls from the operator's networks"
    SIGNED = "whoever signed this very request; the view checks that before anything else"
    STAFF = "whoever works in the halls and has signed in; `staff` enforces it, and in which role"


def public(view: View) -> View:
    """Declare that anybody may call this route."""
    return declare(view, Access.PUBLIC)


def requires_visitor(view: View) -> View:
    """Declare that this route acts for a visitor; find them with `current_visitor`."""
    return declare(view, Access.VISITOR)


def requires_operator(view: View) -> View:
    """Declare that this route is for the operator's own machines."""
    return declare(view, Access.OPERATOR)


def signed(view: View) -> View:
    """Declare that this route checks the signature of each request itself."""
    return declare(view, Access.SIGNED)


def access_of(view: object) -> Access | None:
    """Read the declaration of a view, None if it made none."""
    return getattr(view, "_access", None)


def undeclared(app: Flask) -> list[str]:
    """List the endpoints that do not say who may call them."""
    return [name for name, view in app.view_functions.items() if access_of(view) is None]


def declare(view: View, access: Access) -> View:
    """Write the declaration on a view; for domains that enforce a kind of access themselves."""
    view._access = access
    return view
