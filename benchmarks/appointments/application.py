"""The application in this process, on a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from miniapp_api.app import create_app
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as guides
from miniapp_api.extensions import db


@contextmanager
def application(url: str, catalogue: Path, **more: str) -> Iterator[Flask]:
    """Make the application, perhaps with more settings; within, its context is there."""
    settings = Settings(daoban_demo=True, database_url=url, catalogue_dir=catalogue, log_level="ERROR", **more)
    app = create_app(settings, content=Content(catalogue), guides=guides)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.rollback()
            db.engine.dispose()
