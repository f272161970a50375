"""A small city on each database, in which one can book."""

from pathlib import Path

import pytest

from miniapp_api.content.service import Content
from miniapp_api.extensions import db
from tests.appointments import world

CATALOGUE = Path(__file__).parents[2] / "catalogue"


@pytest.fixture(scope="session")
def whole_catalogue():
    """Load the real catalogue once."""
    return Content(CATALOGUE)


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


@pytest.fixture
def settings(settings, tmp_path):
    """Describe an installation with the small city's schedules."""
    return settings.model_copy(
        update={
            "catalogue_dir": world.folder(tmp_path / "city"),
            "public_url": "https://zwfw.example.gov.cn",
            "booking_limit": "1000000 per minute",
            "web_threads": 16,
        }
    )


@pytest.fixture
def city(app):
    """Build the city and make its slots."""
    with app.app_context():
        built = world.build(db.session)
        world.generate()
        db.session.commit()
    return built


@pytest.fixture
def session(app, city):
    """Give the session of a request."""
    with app.app_context():
        yield db.session
        assert world.faults(db.session) == []
