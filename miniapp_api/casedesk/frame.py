"""What all pages for cases share: where they are, who acts, how one is shown, and shown again when it is refused."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from apiflask import APIBlueprint
from flask import Flask, Response, make_response, url_for
from flask.blueprints import BlueprintSetupState

from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.casedesk import assets, matters
from miniapp_api.casedesk.wording import LAMPS, MATERIALS
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import Act, By, Case
from miniapp_api.desk import service as desk
from miniapp_api.desk.service import Place
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff.service import Duty, Role, current_staff

GROUP = "办件"

ANY = tuple(Duty)
"""Whoever has something to do with cases."""

PLACES = (
    Place(
        "casedesk.receive",
        Role.CLERK,
        "收件",
        "申请人来交材料：选事项，核对材料，出回执。",
        frozenset({Duty.COUNTER}),
        GROUP,
    ),
    Place(
        "casedesk.counter",
        Role.CLERK,
        "受理",
        "看收到的件齐不齐：告知补正，受理，收补交的材料。",
        frozenset({Duty.COUNTER}),
        GROUP,
    ),
    Place(
        "casedesk.review",
        Role.CLERK,
        "审查",
        "审查、勘验、停钟、作决定。申请人对您保密。",
        frozenset({Duty.REVIEW, Duty.INSPECT}),
        GROUP,
    ),
    Place("casedesk.delivery", Role.CLERK, "出件", "把决定文书交给申请人。", frozenset({Duty.DELIVER}), GROUP),
    Place(
        "casedesk.supervision",
        Role.CLERK,
        "监察",
        "红黄牌，批延期，看异议和回电，看谁看过个人信息。",
        frozenset({Duty.SUPERVISE, Duty.GOVERNMENT}),
        GROUP,
    ),
    Place("casedesk.find", Role.CLERK, "查件", "按办件编号查；窗口还可以按证件号查。", frozenset(ANY), GROUP),
)

bp = APIBlueprint("casedesk", __name__, url_prefix=f"{desk.URL_PREFIX}/cases", enable_openapi=False)
bp.template_folder = "templates"


@bp.record_once
def _join(state: BlueprintSetupState) -> None:
    """List our pages on the desk, and be told of every event."""
    app = cast(Flask, state.app)
    desk.add_places(app, PLACES)
    cases.on_event(app, matters.note)


def now() -> datetime:
    """The moment."""
    return now_in_china()


def act() -> Act:
    """Act as whoever is signed in."""
    return cases.acting(db.session, By("staff", current_staff().public_id), now())


def case_at_work(public_id: str) -> Case:
    """Find a case within the reach of whoever is signed in.

    Raises:
        Problem: 404.
    """
    return cases.find_at_work(db.session, current_staff(), public_id)


def page(template: str, **values: object) -> str:
    """Render a page.

    Args:
        template: name of a file in `templates/casedesk`, without `.html`.
        values: what else it shows.
    """
    return desk.render(
        f"casedesk/{template}.html",
        casedesk=url_for("casedesk.asset", digest=assets.DIGEST, name=""),
        ways=desk.places_for(current_staff(), GROUP),
        lamps=LAMPS,
        material_words=MATERIALS,
        **values,
    )


def shown_again(shown: str, problem: Problem, part: str) -> Response:
    """Answer a refused form with itself, what was typed still in it; htmx replaces the part of that id.

    Args:
        shown: the whole page.
        problem: why it was refused.
        part: id of the element that is replaced.
    """
    answer = make_response(shown, problem.code)
    answer.headers |= {"HX-Retarget": f"#{part}", "HX-Reselect": f"#{part}", "HX-Reswap": "outerHTML show:top"}
    return answer
