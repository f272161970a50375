"""Addresses of cases for their applicants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from apiflask import APIBlueprint
from flask import Response, current_app, g, request
from flask_limiter.util import get_remote_address

from miniapp_api.accounts.service import Access, access_of, current_visitor, declare, public, requires_visitor
from miniapp_api.cases import asking, citizens, following, looking_up
from miniapp_api.cases.acting import Act, acting
from miniapp_api.cases.events import APPLICANT
from miniapp_api.cases.looking_up import LookedUp
from miniapp_api.cases.models import Case
from miniapp_api.cases.policy import find_own
from miniapp_api.cases.schemas import (
    AskIn,
    CaseOut,
    CasesOut,
    FollowIn,
    KeyIn,
    LookedUpAskIn,
    LookedUpOut,
    LookUpIn,
    WithdrawIn,
)
from miniapp_api.extensions import db, limiter, reading, settings
from miniapp_api.idempotency.service import Keyed, once_per_request

_PDF: dict[int | str, Any] = {200: {"description": "PDF", "content": {"application/pdf": {}}}}
_UNCHANGED = {304: "没有变化"}

View = TypeVar("View", bound=Callable[..., object])

bp = APIBlueprint("cases", __name__, url_prefix="/api/v1", tag="办件")


def requires_look_up(view: View) -> View:
    """Declare that this route is for whoever has looked one case up; find it with `_found`."""
    return declare(view, Access.LOOKED_UP)


@bp.before_request
def enforce() -> None:
    """Find the case that was looked up, before anything else of the request is looked at."""
    if access_of(current_app.view_functions[request.endpoint or ""]) is Access.LOOKED_UP:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        g.looked_up = looking_up.find_looked_up(db.session, token if scheme.lower() == "bearer" else "")


@bp.get("/cases")
@requires_visitor
@bp.output(CasesOut)
@bp.doc(summary="我的办件", description="在这台手机上跟踪的，没办完的在前。")
def mine() -> dict[str, Any]:
    """List the visitor's cases."""
    return {"cases": citizens.mine(db.session, current_visitor())}


@bp.post("/cases/follow")
@requires_visitor
@bp.input(FollowIn)
@bp.output(CaseOut)
@bp.doc(summary="放到我的手机上", description="用查询码查到的件，以后不用再输编号。再来一次也没有关系。")
def follow(json_data: FollowIn) -> dict[str, Any]:
    """Let the visitor follow what they have looked up."""
    case = following.follow(db.session, current_visitor(), json_data.token)
    return citizens.shown(_act(), case)


@bp.get("/cases/<opaque:case_id>")
@requires_visitor
@bp.output(CaseOut)
@bp.doc(
    summary="办到哪一步了",
    description="带 If-None-Match 再问，没有变化就是 304：同一天、同一个 version 的内容不变。",
    responses=_UNCHANGED,
)
def one(case_id: str) -> Response | tuple[dict[str, Any], int, dict[str, str]]:
    """Give a case."""
    act, case = _act(), _own(case_id)
    tag = citizens.etag(act, case)
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers={"ETag": f'W/"{tag}"'})
    return citizens.shown(act, case), 200, {"ETag": f'W/"{tag}"'}


@bp.post("/cases/<opaque:case_id>/withdraw")
@requires_visitor
@bp.input(WithdrawIn)
@bp.input(KeyIn, location="headers")
@bp.output(CaseOut)
@bp.doc(summary="撤回申请", description="作出决定以前都可以。")
def withdraw(case_id: str, json_data: WithdrawIn, headers_data: KeyIn) -> dict[str, Any]:
    """Withdraw a case."""
    act, case = _act(), _own(case_id)

    def do() -> dict[str, Any]:
        asking.withdraw_ours(act, case, json_data.seen)
        return {"id": case_id}

    return _once(act, case, Keyed("withdraw-case", headers_data.idempotency_key, [case_id, json_data.seen]), do)


@bp.post("/cases/<opaque:case_id>/ask")
@requires_visitor
@bp.input(AskIn)
@bp.input(KeyIn, location="headers")
@bp.output(CaseOut)
@bp.doc(summary="提异议，或者请工作人员回电")
def ask(case_id: str, json_data: AskIn, headers_data: KeyIn) -> dict[str, Any]:
    """Object, or ask to be called."""
    act, case = _act(), _own(case_id)

    def do() -> dict[str, Any]:
        asking.ask_ours(act, case, json_data.what)
        return {"id": case_id}

    return _once(act, case, Keyed("ask-case", headers_data.idempotency_key, [case_id, json_data.what]), do)


@bp.get("/cases/<opaque:case_id>/papers/<opaque:paper_id>.pdf")
@requires_visitor
@bp.doc(summary="一份文书", responses=_PDF)
def paper(case_id: str, paper_id: str) -> Response:
    """Give a paper of a case."""
    return citizens.paper(db.session, _own(case_id), paper_id)


@bp.post("/case-lookups")
@public
@limiter.limit(lambda: settings().case_lookup_limit)
@bp.input(LookUpIn)
@bp.output(LookedUpOut)
@bp.doc(
    summary="用编号查，不用登录",
    description="编号加查询码，或者加申请人手机号后四位。没有这个件和对不上，回答都一样；查错太多次要等。",
)
def look_up(json_data: LookUpIn) -> dict[str, Any]:
    """Look a case up."""
    secret, way = json_data.secret
    with reading() as session:
        found = looking_up.look_up(session, json_data.number, secret, way, get_remote_address())
        act = acting(session, APPLICANT)
        token, until = looking_up.token_for(found, act.now)
        return {"token": token, "until": until, "case": citizens.shown_to_whoever_looked(act, found)}


@bp.get("/looked-up-case")
@requires_look_up
@bp.output(CaseOut)
@bp.doc(summary="再看查到的件", description="凭 POST /api/v1/case-lookups 给的 token。")
def looked_up() -> dict[str, Any]:
    """Give the case that was looked up, as it is now."""
    return citizens.shown_to_whoever_looked(_act(), _found())


@bp.post("/looked-up-case/ask")
@requires_look_up
@bp.input(LookedUpAskIn)
@bp.output(CaseOut)
@bp.doc(summary="对查到的件提异议，或者请工作人员回电")
def ask_about_looked_up(json_data: LookedUpAskIn) -> dict[str, Any]:
    """Object to the case that was looked up, or ask to be called."""
    act, found = _act(), _found()
    asking.ask_after(act, found.case, json_data.what, json_data.seen)
    return citizens.shown_to_whoever_looked(act, found)


@bp.get("/looked-up-case/papers/<opaque:paper_id>.pdf")
@requires_look_up
@bp.doc(summary="查到的件的一份文书", description="要用查询码查到的。", responses=_PDF)
def paper_of_looked_up(paper_id: str) -> Response:
    """Give a paper of the case that was looked up."""
    found = _found()
    return citizens.paper(db.session, found.case if found.way == "code" else None, paper_id)


def _act() -> Act:
    return acting(db.session, APPLICANT)


def _own(case_id: str) -> Case:
    return find_own(db.session, current_visitor(), case_id)


def _found() -> LookedUp:
    return cast(LookedUp, g.looked_up)


def _once(act: Act, case: Case, keyed: Keyed, do: Any) -> dict[str, Any]:
    once_per_request(act.session, current_visitor().id, keyed, do)
    act.session.refresh(case)
    return citizens.shown(act, case)
