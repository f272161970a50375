"""The pages about one's own account: the password, the second factor."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.desk.frame import bp, go_to, page
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter
from miniapp_api.staff import service as staff
from miniapp_api.staff.service import current_staff, requires_staff
from miniapp_api.web.service import draw


@bp.get("/password")
@requires_staff()
def password() -> str:
    """Show the form for changing one's own password."""
    return page("password", ours=staff.may_use_password(current_staff()))


@bp.post("/password")
@requires_staff()
@limiter.limit(staff.SIGN_IN_LIMIT)
def change_password() -> Response:
    """Change one's own password; one signs in anew with it."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        raise Problem(422, detail="两次输入的新密码不一样，没有改。请重新输入。")
    staff.change_password(db.session, current_staff(), old, new)
    answer = go_to(url_for("desk.sign_in", changed=""))
    staff.forget(answer)
    return answer


@bp.get("/second-factor")
@requires_staff(before_second_factor=True)
def second_factor() -> str:
    """Show how it stands with one's second factor, and what is to be scanned if one is being bound."""
    return _state()


@bp.post("/second-factor")
@requires_staff(before_second_factor=True)
@limiter.limit(staff.SIGN_IN_LIMIT)
def bind_second_factor() -> ResponseReturnValue:
    """Begin to bind a phone; with a code of the one of before, if there is one."""
    try:
        staff.bind_second_factor(db.session, current_staff(), request.form.get("code", ""))
    except Problem as refused:
        return _state(refused)
    return go_to(url_for("desk.second_factor"))


@bp.post("/second-factor/confirm")
@requires_staff(before_second_factor=True)
@limiter.limit(staff.SIGN_IN_LIMIT)
def confirm_second_factor() -> ResponseReturnValue:
    """Bind a phone that shows its first code, and show the recovery codes, once."""
    code = request.form.get("code", "")
    try:
        codes = staff.confirm_second_factor(db.session, current_staff(), staff.session_token(), code)
    except Problem as refused:
        return _state(refused)
    return page("recovery_codes", codes=codes, bound=True)


@bp.post("/second-factor/recovery-codes")
@requires_staff()
@limiter.limit(staff.SIGN_IN_LIMIT)
def renew_recovery_codes() -> ResponseReturnValue:
    """Replace the recovery codes, and show the new ones, once."""
    try:
        codes = staff.renew_recovery_codes(db.session, current_staff(), request.form.get("code", ""))
    except Problem as refused:
        return _state(refused)
    return page("recovery_codes", codes=codes, bound=False)


def _state(refused: Problem | None = None) -> ResponseReturnValue:
    member = current_staff()
    state = staff.second_factor_of(db.session, member)
    shown = page(
        "second_factor",
        state=state,
        required=staff.second_factor_is_required(member),
        qr=draw(state.address) if state.address else None,
        secret=staff.grouped(state.pending) if state.pending else None,
        fault=refused.description if refused else None,
    )
    return (shown, refused.code) if refused else shown
