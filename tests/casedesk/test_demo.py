"""The cases of a demonstration, on both databases."""

from collections import Counter

from argon2 import PasswordHasher
from sqlalchemy import select

from miniapp_api.casedesk.demo import EXAMPLES, ensure_demo
from miniapp_api.casedesk.models import CaseMatter
from miniapp_api.cases import service as cases
from miniapp_api.cases.models import Case
from miniapp_api.extensions import db
from miniapp_api.staff import passwords
from miniapp_api.staff import service as staff


def test_a_demonstration_has_cases_in_all_kinds_of_states_once(app, city, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    with app.app_context():
        assert ensure_demo(db.session) == 0  # nobody works there
        staff.ensure_demo(db.session, "center", "correct horse battery")
        assert ensure_demo(db.session) == len(EXAMPLES)
        db.session.commit()
        states = Counter(db.session.scalars(select(Case.state)))
        assert states == {
            "received": 2,
            "correcting": 1,
            "accepted": 1,
            "under_review": 3,
            "decided": 1,
            "concluded": 1,
        }
        kinds = set(db.session.scalars(select(CaseMatter.kind).where(CaseMatter.settled_at.is_(None))))
        assert kinds == {"extension", "objection", "check"}
        for case in db.session.scalars(select(Case)):
            assert cases.broken_at(cases.rows_of(db.session, case)) is None
        assert ensure_demo(db.session) == 0
