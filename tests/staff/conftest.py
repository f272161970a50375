"""People with passwords that cost little to compute."""

import io

import pytest
from argon2 import PasswordHasher

from miniapp_api.extensions import db
from miniapp_api.staff import passwords, service
from miniapp_api.staff.__main__ import main
from miniapp_api.staff.service import Role
from tests.conftest import SECRET

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """Compute passwords quickly."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def in_app(app):
    """Be inside the application."""
    with app.app_context():
        yield app


@pytest.fixture
def wang(in_app):
    """Add a clerk."""
    member = service.add_member(
        db.session, username="wang", name="王小青", role=Role.CLERK, password=PASSWORD, site_code="shiyan-center"
    )
    db.session.commit()
    return member


@pytest.fixture
def run(database_url, monkeypatch):
    """Run the command line on the test's database; gives its status and what it printed."""
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def call(*arguments):
        out = io.StringIO()
        return main(arguments, out), out.getvalue()

    return call
