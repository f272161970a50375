"""The page on which a counter receives a case: the item, who applies, and the checklist of materials."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import partial
from typing import Any

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.casedesk import applicants, frame, printing, sight
from miniapp_api.casedesk.fields import Reading
from miniapp_api.casedesk.frame import bp
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import Applicant, Application, Case, HandedIn, Item, listing
from miniapp_api.desk import service as desk
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.privacy.service import reveal
from miniapp_api.sites.service import Site
from miniapp_api.staff.service import Duty, current_staff, requires_duty

MOST_ITEMS = 40

STATES = {"handed_in": "交来了", "lacking": "缺", "unneeded": "用不到"}
"""What a clerk says of each material; which of them may come later is asked when the case is accepted."""


@bp.get("/receive")
@requires_duty(Duty.COUNTER)
def receive() -> str:
    """Show the items, and the form of the one that was chosen."""
    site, ref = desk.site(), request.args.get("item", "")
    if ref:
        return _form(site, _item(site, ref))
    wish = request.args.get("q", "").strip()[:40]
    return frame.page("receive", site=site, wish=wish, items=_items(site, wish))


@bp.post("/receive")
@requires_duty(Duty.COUNTER)
def take_in() -> ResponseReturnValue:
    """Receive a case, and show its number; refused, the form is shown again with everything that was typed."""
    site = desk.site()
    item = _item(site, request.form.get("item", ""))
    try:
        case = _receive(site, item)
    except Problem as problem:
        if problem.code not in {409, 422}:
            raise
        db.session.rollback()
        twin = problem.extra.get("case")
        refused = {"why": problem.description, "faults": dict(problem.invalid_params), "given": request.form}
        again = _form(desk.site(), item, refused=refused, twin=twin)
        return frame.shown_again(again, problem, "receive")
    return _received(case)


def _receive(site: Site, item: Item) -> Case:
    """Read the form and receive what it says.

    Raises:
        Problem: 422 with everything that is wrong; 409 if the same came in a moment ago.
    """
    reading, act = Reading(), frame.act()
    applicant = applicants.applicant(reading)
    materials = _materials(reading, item)
    expires = reading.take("expires", _expires)
    parent = reading.take("parent", partial(_parent, act))
    if request.form.get("release") != item.release:
        reading.faults.append(("release", "这个事项的材料清单刚刚更新了，请再核对一遍"))
    reading.end()
    assert applicant is not None  # noqa: S101 - else reading would have told
    _not_twice(act, site, item, applicant)
    application = Application(
        item=item.ref,
        locality=site.locality,
        site_code=site.code,
        applicant=applicant,
        materials=materials,
        expires=expires,
        parent=parent,
    )
    return cases.receive(act, application)


def _not_twice(act: cases.Act, site: Site, item: Item, applicant: Applicant) -> None:
    twin = listing.just_received(act, site.code, item.ref, applicant.number)
    if twin is not None and "again" not in request.form:
        raise Problem(
            409,
            "received_already",
            "刚刚收过一件一样的：同一个申请人、同一个事项。确实要再收一件，请勾选下面的“再收一件”。",
            extra={"case": twin.public_id},
        )


def _materials(reading: Reading, item: Item) -> list[HandedIn]:
    lines = [reading.take(f"material-{index}", partial(_material, item, index)) for index in range(len(item.materials))]
    return [line for line in lines if line]


def _material(item: Item, index: int) -> HandedIn | None:
    """What the clerk says of a material; None if this case does not need it."""
    needed = item.materials[index]
    if needed.shared:
        return HandedIn(needed.name, "shared", needed.note)
    said = request.form.get(f"material-{index}", "")
    if said not in STATES or (said == "unneeded" and needed.always):
        raise desk.refuse(f"material-{index}", f"“{needed.name}”交来了没有，请选一个")
    return None if said == "unneeded" else HandedIn(needed.name, said, needed.note)


def _parent(act: cases.Act) -> Case | None:
    """The joint handling that this is part of, by its number."""
    typed = request.form.get("parent", "").strip()
    return listing.by_number(act, current_staff(), typed) if typed else None


def _expires() -> date | None:
    return desk.day("expires") if request.form.get("expires") else None


def _received(case: Case) -> Response:
    """Show the number and the query code once, for the applicant; a reload shows the case."""
    public_id = case.public_id
    reveal(db.session, current_staff(), f"case:{public_id}", ["query"], "收件时把查询码告诉申请人")
    shown = frame.page(
        "received",
        case=case,
        query=cases.personal(case).get("query"),
        papers=printing.papers(case),
        lacking=[
            row.name for row in sight.look(frame.act(), current_staff(), case).materials if row.state == "lacking"
        ],
    )
    answer = make_response(shown)
    answer.headers["HX-Push-Url"] = url_for("casedesk.case", case_id=public_id)
    return answer


def _form(site: Site, item: Item, **values: Any) -> str:
    empty = {"refused": None, "twin": None}
    joint = any(handling.joint for handling in cases.casework().items.values())
    shown = {"kinds": sight.KINDS, "states": STATES, "joint": joint}
    return frame.page("receive_form", site=site, item=item, **shown, **empty | values)


def _item(site: Site, ref: str) -> Item:
    item = cases.find_item(ref, site.locality, cases.casework())
    if item is None:
        raise Problem(404, "item_unknown", "没有这个事项，请从列表里选。")
    return item


def _items(site: Site, wish: str) -> list[Item]:
    """The items whose name or department holds all that was typed."""
    words = unicodedata.normalize("NFKC", wish).split()
    found = [
        item
        for item in cases.items(site.locality, cases.casework())
        if all(word in f"{item.name} {item.department}" for word in words)
    ]
    return found[:MOST_ITEMS]
