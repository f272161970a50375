"""Addresses of people."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.extensions import db
from miniapp_api.people import service
from miniapp_api.people.models import Person
from miniapp_api.people.schemas import PeopleOut, PersonIn, PersonOut

bp = APIBlueprint("people", __name__, url_prefix="/api/v1/people", tag="办事人")


@bp.get("")
@requires_visitor
@bp.output(PeopleOut)
@bp.doc(summary="可以替谁预约")
def mine() -> dict[str, Any]:
    """List the visitor's people."""
    return {"people": [_shown(person) for person in service.mine(db.session, current_visitor())]}


@bp.post("")
@requires_visitor
@bp.input(PersonIn)
@bp.output(PersonOut, status_code=201)
@bp.doc(summary="填一个办事人", description="本人，或者已经同意的家人。证件号加密保存；同一个人再填一次，还是同一个。")
def add(json_data: PersonIn) -> dict[str, Any]:
    """Add somebody to book for."""
    return _shown(service.add(db.session, current_visitor(), service.NewPerson(**json_data.model_dump())))


@bp.delete("/<opaque:person_id>")
@requires_visitor
@bp.output({}, status_code=204)
@bp.doc(summary="删掉一个办事人", description="已经约好的不受影响。")
def forget(person_id: str) -> str:
    """Forget somebody."""
    service.forget(db.session, current_visitor(), person_id)
    return ""


def _shown(person: Person) -> dict[str, Any]:
    return {
        "id": person.public_id,
        "name": person.name_mask,
        "number_tail": person.number_tail,
        "relation": person.relation,
        "relation_text": service.relation_text(person.relation),
    }
