"""A city with the people and the cases of a demonstration, served to a browser."""

import shutil

import pytest
from flask import current_app

from miniapp_api.casedesk.demo import ensure_demo
from miniapp_api.extensions import db, settings
from miniapp_api.sites.service import load_halls, sync
from miniapp_api.staff import service as staff
from tests.browser.bookable_city import CATALOGUE, serve
from tests.browser.conftest import Phone, chromium
from tests.desk.browser.conftest import PASSWORD

__all__ = ["chromium"]

SITE = "shiyan-center"


def _open():
    current_app.extensions["settings"] = settings().model_copy(update={"daoban_demo": True})
    sync(db.session, load_halls(CATALOGUE))
    staff.ensure_demo(db.session, SITE, PASSWORD)
    db.session.flush()
    return ensure_demo(db.session)


@pytest.fixture(scope="module")
def town(sqlite_template, tmp_path_factory):
    """Serve the city."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("cases") / "daoban.sqlite3")
    with serve(database) as town:
        assert town.do(_open) > 0
        yield town


@pytest.fixture
def phone(chromium, town):
    """Open pages that may not call other hosts nor write errors to the console."""
    phone = Phone(chromium, town.address)
    yield phone
    phone.verdict()
