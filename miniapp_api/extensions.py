"""The Flask extensions, unbound; `create_app` binds them to an application."""

from typing import cast

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session

from miniapp_api.config import Settings
from miniapp_api.database import READ_ONLY

db = SQLAlchemy(session_options={"expire_on_commit": False})
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True)


def reading() -> Session:
    """Open a session that looks without waiting for any writer, beside the one of the request or task."""
    return Session(db.engine.execution_options(**READ_ONLY))


def settings() -> Settings:
    """Give the settings of the current application."""
    return cast(Settings, current_app.extensions["settings"])
