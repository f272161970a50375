"""What the engine made give way is done again, from the start, and never half of it twice."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from miniapp_api.database import transact
from miniapp_api.extensions import db

GIVE_WAY = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
BREAK = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Work:
    """Gives way so many times before it is done."""

    def __init__(self, times, trouble=GIVE_WAY, *, commits=False):
        self.times, self.trouble, self.commits, self.begun = times, trouble, commits, 0

    def __call__(self):
        self.begun += 1
        db.session.execute(text("SELECT 1"))
        if self.commits:
            db.session.commit()
        if self.begun <= self.times:
            db.session.execute(self.trouble)
        return "done"


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_gave_way_is_done_again(times):
    work = Work(times)
    assert transact(db.session, work) == "done"
    assert work.begun == times + 1


@pytest.mark.parametrize(
    ("work", "begun"), [(Work(9), 3), (Work(1, commits=True), 1), (Work(1, BREAK), 1)], ids=["always", "half", "broken"]
)
def test_what_cannot_be_done_again_is_raised(work, begun):
    with pytest.raises(OperationalError):
        transact(db.session, work)
    assert work.begun == begun


def test_a_request_that_gave_way_is_answered(app):
    work = Work(1)
    app.get("/gives-way")(app.doc(hide=True)(lambda: {"told": work()}))
    assert app.test_client().get("/gives-way").json == {"told": "done"}
    assert work.begun == 2
