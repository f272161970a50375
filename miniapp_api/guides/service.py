"""Use cases of guides, and the only module of it that others may import."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from guidance.explain import nearest_changes, open_facts, say_reason
from guidance.explain import what_if as compare
from guidance.situation import AnswerError
from guidance.tables import Status
from miniapp_api import holdings
from miniapp_api.accounts.service import Visitor
from miniapp_api.content.service import content
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.guides import erasing, materials, sharing, topics, view, wording
from miniapp_api.guides import running as guides
from miniapp_api.guides.answers import decode, encode
from miniapp_api.guides.hints import Hints
from miniapp_api.guides.inside import next_messages
from miniapp_api.guides.models import Guide
from miniapp_api.guides.running import Running
from miniapp_api.guides.turns import take_turn

__all__ = [
    "Hints",
    "active_guide",
    "answer",
    "ask_again",
    "back",
    "checklist",
    "explain",
    "get",
    "init_app",
    "is_asking",
    "needed_items",
    "pass_vetoes",
    "share",
    "shared_checklist",
    "start",
    "talk",
    "tick",
    "ticked",
    "to_bring",
    "welcome",
    "what_if",
]


def init_app(app: Flask) -> None:
    """Say what is kept of somebody."""
    holdings.register(app, erasing.HOLDING)


def start(session: Session, visitor: Visitor, theme: str, locality: str | None = None) -> dict[str, Any]:
    """Begin a guide.

    Raises:
        Problem: 422 if there is no such theme or city.
    """
    try:
        newest = content().release(theme, locality or visitor.locality)
    except KeyError:
        known = {entry.id for entry in content().themes()}
        name, reason = (
            ("locality", "没有这个城市，请从城市列表里选")
            if theme in known
            else ("theme", "还没有这件事的导办，请从列表里选")
        )
        raise Problem(422, invalid_params=[(name, reason)]) from None
    return view.guide(guides.begin(session, visitor, newest))


def get(session: Session, visitor: Visitor, public_id: str) -> dict[str, Any]:
    """Give a guide."""
    return view.guide(guides.find(session, visitor, public_id))


def answer(
    session: Session, visitor: Visitor, public_id: str, fact: str, value: Any, *, revision: int | None
) -> dict[str, Any]:
    """Answer a fact, or change its answer. The same answer again changes nothing.

    Raises:
        Problem: 404; 409 if the caller's revision is old; 422 if the value does not fit.
    """
    running = guides.find(session, visitor, public_id)
    if _already_so(running, fact, value):
        return view.guide(running)
    _refuse_old(running, revision)
    try:
        running.guidance = _answered(running, fact, value)
    except AnswerError as error:
        raise _unfit(error) from None
    running.row.dialogue = _without_question_in_hand(running)
    return view.guide(guides.save(session, running, revision))


def back(session: Session, visitor: Visitor, public_id: str, revision: int | None) -> dict[str, Any]:
    """Take the latest answers back."""
    running = guides.find(session, visitor, public_id)
    _refuse_old(running, revision)
    stepped = running.guidance.back()
    if stepped is running.guidance:
        return view.guide(running)
    running.guidance = stepped
    running.row.dialogue = {}
    return view.guide(guides.save(session, running, revision))


def pass_vetoes(session: Session, visitor: Visitor, public_id: str, revision: int | None) -> dict[str, Any]:
    """Go on asking although a red light stands: the citizen wants to see the list."""
    running = guides.find(session, visitor, public_id)
    _refuse_old(running, revision)
    running.row.dialogue = {**running.row.dialogue, "passed": running.vetoes}
    return view.guide(guides.save(session, running, revision))


def checklist(session: Session, visitor: Visitor, public_id: str) -> dict[str, Any]:
    """Give the checklist, at any time."""
    return view.checklist(guides.find(session, visitor, public_id))


def explain(session: Session, visitor: Visitor, public_id: str, id_: str) -> dict[str, Any]:
    """Say why an outcome stands as it does.

    Raises:
        Problem: 404 if the guide or the outcome is not there.
    """
    running = guides.find(session, visitor, public_id)
    outcome = running.release.compiled.outcomes.get(id_)
    if outcome is None:
        raise Problem(404, "item_not_found", "清单里没有这一项，请刷新清单后再试。")
    situation, theme = running.guidance.situation, running.release.compiled.theme
    status = situation.status_of(outcome)
    owner: Any = {**theme.items, **theme.duties, **theme.vetoes, **theme.notices}[outcome.owner]
    why = say_reason(situation, outcome) or (wording.ALWAYS if status is Status.NEEDED else "")
    if status is Status.PERHAPS:
        why = wording.perhaps(running, open_facts(situation, outcome))
    if status is Status.UNSET:
        why = wording.unset(running.release.compiled.locality, [theme.params[p].label for p in outcome.table.unset])
    return {
        "id": id_,
        "name": wording.name_of(theme, id_),
        "status": status.value,
        "why": why,
        "nearest": [wording.nearest(running, fact, value) for fact, value in nearest_changes(situation, outcome)],
        "basis": view.bases(running, owner.basis),
    }


def what_if(session: Session, visitor: Visitor, public_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Say what other answers would change, keeping none of them.

    Raises:
        Problem: 404; 422 if a value does not fit.
    """
    running = guides.find(session, visitor, public_id)
    try:
        difference = compare(running.guidance.situation, {fact: decode(value) for fact, value in changes.items()})
    except AnswerError as error:
        raise _unfit(error) from None
    return wording.difference(running, difference)


def share(session: Session, visitor: Visitor, public_id: str) -> str:
    """Give the token by which anybody can read the checklist, and nothing else."""
    return sharing.token_for(settings().signing_key, guides.find(session, visitor, public_id).row.public_id)


def shared_checklist(session: Session, token: str) -> dict[str, Any]:
    """Give the checklist behind a shared token.

    Raises:
        Problem: 404, whether the token is forged or the guide is gone.
    """
    public_id = sharing.read(settings().signing_key, token)
    row = session.scalar(select(Guide).filter_by(public_id=public_id)) if public_id else None
    if row is None:
        raise Problem(404, "link_not_found", "这个链接不对或已失效，请向分享的人要一个新的。")
    return view.checklist(guides.load(session, row))


def tick(session: Session, visitor: Visitor, public_id: str, ready: Collection[str]) -> list[str]:
    """Note which materials of the checklist are ready; gives them in order.

    Raises:
        Problem: 404; 422 if one is not of this theme.
    """
    running = guides.find(session, visitor, public_id)
    materials.tick(session, running, ready)
    return materials.ticked(session, running)


def ticked(session: Session, visitor: Visitor, public_id: str) -> list[str]:
    """The materials that are ready."""
    return materials.ticked(session, guides.find(session, visitor, public_id))


def to_bring(session: Session, visitor: Visitor, public_id: str, items: Collection[str]) -> list[dict[str, Any]]:
    """What to bring for some items of a guide: `{"name", "have"}` each."""
    return materials.to_bring(session, guides.find(session, visitor, public_id), items)


def needed_items(session: Session, visitor: Visitor, public_id: str) -> list[str]:
    """The items of a guide that certainly have to be handled."""
    return materials.needed_items(guides.find(session, visitor, public_id))


def welcome(visitor: Visitor) -> dict[str, Any]:
    """Greet a visitor who has not said what they want."""
    return topics.welcome(content().locality(visitor.locality))


def active_guide(session: Session, visitor: Visitor) -> dict[str, Any] | None:
    """Summarise the guide the visitor is in: `{"id", "theme", "state"}`, or None."""
    running = guides.latest(session, visitor)
    return None if running is None else _summary(running)


def is_asking(guide: dict[str, Any] | None) -> bool:
    """Whether a guide (`active_guide`) has a question that is not answered."""
    return guide is not None and guide["state"] == "asking"


def ask_again(session: Session, visitor: Visitor) -> list[dict[str, Any]]:
    """The question that the visitor's guide is at; nothing without a guide, or after its last question."""
    running = guides.latest(session, visitor)
    return [] if running is None or running.state != "asking" else next_messages(running)


def talk(session: Session, visitor: Visitor, text: str, hints: Hints) -> list[dict[str, Any]]:
    """Answer what the visitor said in the chat: about a guide, or plainly."""
    return take_turn(session, visitor, text, hints)


def _summary(running: Running) -> dict[str, Any]:
    return {"id": running.row.public_id, "theme": running.row.theme, "state": running.state}


def _answered(running: Running, fact: str, value: Any) -> guides.Guidance:
    question = running.question
    if question and question.fact == fact and question.mode == "proxy" and isinstance(value, (int, float)):
        return running.guidance.answer_proxy(fact, value)
    return running.guidance.answer(fact, decode(value))


def _already_so(running: Running, fact: str, value: Any) -> bool:
    """A double tap: the answer that was given last is given again."""
    entry = running.guidance.effective.get(fact)
    latest = running.guidance.last_turn
    return entry is not None and entry.turn == latest and encode(entry.answer) == value and value != "unknown"


def _refuse_old(running: Running, revision: int | None) -> None:
    if revision is not None and revision != running.row.revision:
        raise guides.stale()


def _without_question_in_hand(running: Running) -> dict[str, Any]:
    return {key: value for key, value in running.row.dialogue.items() if key in ("passed", "noted")}


def _unfit(error: AnswerError) -> Problem:
    return Problem(422, "answer_unfit", error.reason, invalid_params=[(error.fact, error.reason)])
