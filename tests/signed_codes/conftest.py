"""An installation with a host as long as may be, and with the real catalogue."""

from pathlib import Path

import pytest
from sqlalchemy import event

from miniapp_api.content.service import Content
from miniapp_api.extensions import db
from miniapp_api.signed_codes import service

HOST = "zwfw.example.gov.cn"


@pytest.fixture(scope="package")
def catalogue():
    """Load the real catalogue once."""
    return Content(Path(__file__).parents[2] / "catalogue")


@pytest.fixture
def content(catalogue):
    """Serve it."""
    return catalogue


@pytest.fixture
def settings(settings):
    """Give the installation a public address."""
    return settings.model_copy(update={"public_url": f"https://{HOST}"})


@pytest.fixture
def issued(app):
    """Issue codes; gives a function from kind to id and digits."""

    def issue(kind=service.Kind.APPOINTMENT):
        with app.app_context():
            code = service.issue(db.session, kind)
            db.session.commit()
            return code.id, digits_of(service.link_of(code))

    return issue


@pytest.fixture
def revoke(app):
    """Revoke a code by its id."""

    def revoke(code_id, reason="重复登记"):
        with app.app_context():
            service.revoke(db.session, code_id, reason)
            db.session.commit()

    return revoke


@pytest.fixture
def statements(app):
    """Note every statement that reaches the database."""
    noted = []

    def note(_connection, _cursor, statement, *_rest):
        noted.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    return noted


def digits_of(link):
    return link.removeprefix(f"https://{HOST}/r/")
