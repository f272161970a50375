"""Somebody who works here, for tests of what only they may do."""

import itertools

from miniapp_api.extensions import db
from miniapp_api.staff import sessions
from miniapp_api.staff.models import StaffDuty, StaffMember
from miniapp_api.staff.service import COOKIE, TOKEN_HEADER, Role

ORIGIN = "http://localhost"
"""Of the pages, as the test client's browser would tell it."""

_numbers = itertools.count(1)


def sign_in_as(app, role=Role.CLERK, site_code="shiyan-center", name="王小青", duties=(), second_factor=True):
    """Add somebody and sign them in without a password.

    Args:
        app: the application.
        role: their role.
        site_code: where they work.
        name: what they are called.
        duties: what else they do; nobody checks here which go together.
        second_factor: whether they have shown one, as their role or duties may need.

    Returns:
        A client that sends what our pages send; `client.staff` is the public id of who it is.
    """
    with app.app_context():
        member = StaffMember(
            username=f"{role.value}{next(_numbers)}", name=name, role=role, site_code=site_code, password_hash="none"
        )
        member.duties = [StaffDuty(duty=duty) for duty in duties]
        db.session.add(member)
        db.session.flush()
        token = sessions.begin(db.session, member, second_factor=second_factor)
        db.session.commit()
        return client_with(app, token, member.public_id)


def client_with(app, token, public_id=None):
    """Call the application with the token of a session."""
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    key = app.extensions["settings"].signing_key
    client.environ_base["HTTP_ORIGIN"] = ORIGIN
    client.environ_base[f"HTTP_{TOKEN_HEADER.upper().replace('-', '_')}"] = sessions.forgery_token(key, token)
    client.staff, client.token = public_id, token
    return client
