"""Use cases of the exchange, and the only module of it that others may import."""

from __future__ import annotations

from flask import Flask

from miniapp_api.cases.service import on_event
from miniapp_api.exchange.importing import Report, Result, take_over
from miniapp_api.exchange.pushing import owe
from miniapp_api.exchange.rows import read_csv, read_rows

__all__ = ["Report", "Result", "init_app", "owe", "read_csv", "read_rows", "take_over"]


def init_app(app: Flask) -> None:
    """Owe every event of a case to the systems that want it."""
    on_event(app, owe)
