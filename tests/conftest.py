"""An application on each database, for every area that stores something.

SQLite is a fresh file per test. PostgreSQL is one server for the whole run (of all xdist workers),
one database per worker, emptied after each test. TEST_DATABASE_URL names a server to use instead;
databases are made and dropped on it.
"""

import logging
import os
import shutil
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from prometheus_client import generate_latest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from miniapp_api import migrate
from miniapp_api.app import create_app
from miniapp_api.code_settings import read_keys
from miniapp_api.config import Settings
from miniapp_api.extensions import db
from miniapp_api.field_settings import read_field_keys
from miniapp_api.vault import Vault
from tests import postgres, sparing
from tests.fakes import FakeGuides
from tests.no_secrets import LOGS

SECRET = "mV7-qLx2_nR9sTzKc4WdYb8HjGf3Pe6uA1iOoE5vBt"
CODE_KEYS = "kid=0 seed=hDXuBGnmrnbs4tSy6dAFvCQKkPFWR1YzW2o0cJlYb9E not_before=2026-01-01 not_after=2099-12-31"
FIELD_KEYS = (
    "kid=0 alg=hmac-sha256 key=TQ7SBXwG1fGq4Wm0yJ3h5VbWZcZk9nqKpRr2sT8uvYw;"
    "kid=1 alg=aes-256-gcm key=9Xr1hKcPzV3oWm7dQk5yT2sLbNf8gJ4uEaGi6Rt0xZA"
)


sparing.install()


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items):
    """Keep each module of browser tests on one worker: its server and city then start once."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


@pytest.fixture(scope="session", autouse=True)
def kept_logs(worker_id):
    """Keep what this test process logs and measures; `tests.no_secrets` looks through it when all is over."""
    LOGS.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(LOGS / f"{worker_id}.log")
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    handler.close()
    (LOGS / f"{worker_id}.metrics.log").write_bytes(generate_latest())


@pytest.fixture(scope="session")
def kept_errors(worker_id):
    """Give the file in which the bodies of errors and the outbox are kept, likewise."""
    with (LOGS / f"{worker_id}.told.log").open("a", encoding="utf-8") as file:
        yield file


@pytest.fixture(scope="session")
def postgres_server(testrun_uid):
    """Give the address of a PostgreSQL server; an embedded one is stopped by its pid at the end."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    url, stop = postgres.start(Path(tempfile.gettempdir()) / f"daoban-pg-{testrun_uid[:8]}")
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # no test pulls the plug
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url
    stop()


@pytest.fixture(scope="session")
def postgres_database(postgres_server):
    """Make a migrated database for this worker and drop it at the end."""
    name = f"daoban_{uuid.uuid4().hex[:12]}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = postgres_server.set(database=name).render_as_string(hide_password=False)
    migrate.upgrade(url)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """Make a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "daoban.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """Give the address of an empty, migrated database; each test runs on both engines."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'daoban.sqlite3')}"
        return
    url = request.getfixturevalue("postgres_database")
    yield url
    engine = create_engine(url)
    with engine.begin() as connection:
        if used := ", ".join(connection.scalars(_USED_TABLES)):
            connection.execute(text(f"TRUNCATE {used} RESTART IDENTITY CASCADE"))
    engine.dispose()


_USED_TABLES = text("""
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
""")
"""Those in which something was written: to empty all of them takes longer than most tests."""


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database_url):
    """Describe an installation whose Rasa is not there."""
    return Settings(
        secret_key=SECRET,
        database_url=database_url,
        rasa_url="http://127.0.0.1:9",
        rasa_connect_timeout=2,
        rasa_timeout=10,
        visitor_limit="1000000 per minute",
        chat_limit="1000000 per minute",
        code_limit="1000000 per minute",
        code_keys=read_keys(CODE_KEYS),
        field_keys=read_field_keys(FIELD_KEYS),
    )


@pytest.fixture
def sealing():
    """Work in the context of an application that has keys for personal fields, and no database."""
    bare = Flask("sealing")
    bare.extensions["vault"] = Vault(read_field_keys(FIELD_KEYS))
    with bare.app_context():
        yield bare.extensions["vault"]


@pytest.fixture
def content():
    """Stand in for the catalogue."""
    return SimpleNamespace(locality_ids=lambda: {"shiyan", "jinan"}, fault=lambda: None)


@pytest.fixture
def guides():
    """Stand in for the guides."""
    return FakeGuides()


@pytest.fixture
def app(settings, content, guides, kept_errors):
    """Make the application of a test; what nobody catches is raised into the test."""
    app = create_app(settings, content=content, guides=guides)
    app.testing = True
    app.after_request(lambda response: _keep_error(response, kept_errors))
    yield app
    with app.app_context():
        with suppress(DBAPIError), db.engine.connect() as connection:  # some tests leave no database
            kept_errors.writelines(f"{row}\n" for row in connection.execute(text("SELECT * FROM outbox_messages")))
        db.engine.dispose()


def _keep_error(response, file):
    """Keep the body of an error."""
    if response.status_code >= 400 and not response.is_streamed:
        file.write(f"{response.get_data(as_text=True)}\n")
    return response


@pytest.fixture
def client(app):
    """Call the application as anybody."""
    return app.test_client()


@pytest.fixture
def visitor(app):
    """Call the application as a visitor."""
    client = app.test_client()
    token = client.post("/api/v1/visitors", json={}).json["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
