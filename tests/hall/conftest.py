"""A hall on each database."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from miniapp_api import database
from miniapp_api.extensions import db
from tests.hall import halls

CLERKS = 8


@pytest.fixture
def engine(database_url):
    """Open the database, with a connection for each of many clerks."""
    engine = database.prepare(create_engine(**database.engine_options(database_url, pool_size=CLERKS)))
    yield engine
    engine.dispose()


@pytest.fixture
def in_app(app):
    """Be inside the application."""
    with app.app_context():
        yield app


@pytest.fixture
def session(in_app):
    """Give the session of a request."""
    return db.session


@pytest.fixture
def hall(session):
    """Build a hall with two queues, of three counters and of one."""
    built = halls.build(session, 3, 1)
    session.commit()
    return built


@pytest.fixture
def fresh(engine):
    """Give a session of one's own."""
    with Session(engine) as session:
        yield session
