"""A new, migrated database of each kind; PostgreSQL is one server for the whole run."""

from __future__ import annotations

import atexit
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from miniapp_api import migrate
from tests import postgres

KINDS = ("sqlite", "postgresql")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Make a database, and drop it at the end.

    Args:
        kind: one of `KINDS`.

    Yields:
        Its address.
    """
    with tempfile.TemporaryDirectory(prefix="daoban-bench-") as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/daoban.sqlite3"
            migrate.upgrade(url)
            yield url
            return
    name = f"daoban_{uuid.uuid4().hex[:12]}"
    _administer(f"CREATE DATABASE {name}")
    url = _server().set(database=name).render_as_string(hide_password=False)
    migrate.upgrade(url)
    try:
        yield url
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


def analyze(url: str) -> None:
    """Have a database look at how its values are spread, as PostgreSQL does by itself every minute."""
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if url.startswith("sqlite") else "VACUUM ANALYZE"))


def _administer(statement: str) -> None:
    with create_engine(_server(), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement))


@cache
def _server() -> URL:
    """Start PostgreSQL as it is by default: what it commits is on the disk."""
    folder = Path(tempfile.mkdtemp(prefix="daoban-bench-pg-"))
    url, stop = postgres.start(folder)
    atexit.register(stop)
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:  # killed clients leave at once
        connection.execute(text("ALTER SYSTEM SET client_connection_check_interval = '500ms'"))
        connection.execute(text("SELECT pg_reload_conf()"))
    return url
