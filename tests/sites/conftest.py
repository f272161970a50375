"""The real halls, a copy of the catalogue to spoil, and a small city to search."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from miniapp_api.content.service import Content
from miniapp_api.database import create_engine, load_models
from miniapp_api.sites.service import Halls, load_halls

CATALOGUE = Path(__file__).parents[2] / "catalogue"


@pytest.fixture(scope="session")
def halls():
    """Load the real halls once."""
    return load_halls(CATALOGUE)


@pytest.fixture(scope="session")
def shiyan(halls):
    """Take the halls of one city only."""
    return Halls(halls.offering, {code: site for code, site in halls.sites.items() if site.locality == "shiyan"}, ())


@pytest.fixture(scope="session")
def whole_catalogue():
    return Content(CATALOGUE)


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


@pytest.fixture
def folder(tmp_path):
    """Copy the catalogue to where it can be changed."""
    return shutil.copytree(CATALOGUE, tmp_path / "catalogue")


@pytest.fixture
def edit(folder):
    """Change a text of the copy."""

    def change(file, old, new):
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


@pytest.fixture
def session(database_url):
    """Open a session on an empty database."""
    load_models()
    engine = create_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()
