"""Use cases of people, and the only module of it that others may import."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api import holdings, vault
from miniapp_api.accounts.service import Visitor
from miniapp_api.errors import Problem
from miniapp_api.people import erasing
from miniapp_api.people.identity import Identity, age, identify
from miniapp_api.people.models import RELATIONS, Person
from miniapp_api.people.schemas import Relation
from miniapp_api.privacy.service import mobile

__all__ = [
    "RELATIONS",
    "Identity",
    "Person",
    "Relation",
    "add",
    "age",
    "age_of",
    "find",
    "forget",
    "identify",
    "init_app",
    "mine",
    "relation_text",
]

MOST = 8
"""People one visitor may book for; who helps more of them is an agent, and books at the desk."""

SEALED = "people.sealed"
"""What the vault calls it."""

_RELATION_TEXTS = dict(zip(RELATIONS, ("本人", "父母", "配偶", "子女", "祖父母、外祖父母", "其他人"), strict=True))


def init_app(app: Flask) -> None:
    """Say what is kept of somebody."""
    holdings.register(app, erasing.HOLDING)


def relation_text(relation: str) -> str:
    """A relation in Chinese."""
    return _RELATION_TEXTS[relation]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add; see `schemas.PersonIn`."""

    name: str
    number: str
    phone: str | None
    relation: Relation
    consent: bool


def add(session: Session, visitor: Visitor, new: NewPerson) -> Person:
    """Add somebody whom a visitor books for; the same person again is the one who is there.

    Raises:
        Problem: 422 if something does not fit; 409 if there are too many, or `self` is somebody else.
    """
    identity = identify(new.name, new.number)
    phone = mobile(new.phone) if new.phone else None
    if new.relation != "self" and not new.consent:
        raise Problem(422, invalid_params=[("consent", "替别人预约，要先得到对方同意，请勾选")])
    alone = select(Visitor.id).where(Visitor.id == visitor.id).with_for_update(key_share=True)
    session.execute(alone)  # whoever taps twice adds one
    existing = mine(session, visitor)
    for person in existing:
        if person.subject_key == identity.subject_key:
            return person
    if len(existing) >= MOST:
        detail = f"一个账号最多替 {MOST} 个人预约。请先删掉不再需要的，或者打电话、到窗口预约。"
        raise Problem(409, "too_many_people", detail)
    if new.relation == "self" and any(person.relation == "self" for person in existing):
        raise Problem(409, "self_exists", "本人已经填过了。要换成别人，请先删掉原来的；替家人预约，请选和您的关系。")
    private = {"name": identity.name, "number": identity.number, "phone": phone}
    public_id = secrets.token_hex(16)
    person = Person(
        public_id=public_id,
        visitor_id=visitor.id,
        relation=new.relation,
        subject_key=identity.subject_key,
        sealed=vault.seal(SEALED, public_id, json.dumps(private)),
        name_mask=identity.name_mask,
        number_tail=identity.number_tail,
        born=identity.born,
    )
    session.add(person)
    session.flush()
    return person


def mine(session: Session, visitor: Visitor) -> Sequence[Person]:
    """Everybody whom a visitor books for, themselves first."""
    wanted = select(Person).filter_by(visitor_id=visitor.id).order_by(Person.relation != "self", Person.id)
    return session.scalars(wanted).all()


def find(session: Session, visitor: Visitor, public_id: str) -> Person:
    """Find one of the visitor's people.

    Raises:
        Problem: 404, whether there is no such person or it is another visitor's.
    """
    person = session.scalar(select(Person).filter_by(visitor_id=visitor.id, public_id=public_id))
    if person is None:
        raise Problem(404, "person_not_found", "没有找到这个人，请从名单里重新选。")
    return person


def forget(session: Session, visitor: Visitor, public_id: str) -> None:
    """Forget one of the visitor's people; bookings keep no more of them than the masked name."""
    session.delete(find(session, visitor, public_id))
    session.flush()


def age_of(person: Person, on: date) -> int | None:
    """Full years of age on a day, None if the document does not tell."""
    return None if person.born is None else age(person.born, on)
