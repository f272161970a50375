"""A guide and its checklist as the API gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guidance.checklist import Checklist, MaterialRow, make_checklist
from guidance.compiler import Outcome
from guidance.explain import open_facts, say_reason
from guidance.library import Certainty
from guidance.plan import promised
from guidance.session import Question
from guidance.tables import Status
from guidance.theme import Limit, MultiFact, NumberFact, Time, YesNoFact
from guidance.values import Range, Under
from miniapp_api.calendar import service as calendar
from miniapp_api.extensions import db
from miniapp_api.guides import wording
from miniapp_api.guides.answers import encode
from miniapp_api.guides.running import Running
from miniapp_api.guides.wording import say_answer


def guide(running: Running) -> dict[str, Any]:
    """A guide (`schemas.GuideOut`)."""
    theme = running.release.compiled.theme
    return {
        "id": running.row.public_id,
        "theme": {"id": theme.id, "title": theme.title, "version": theme.version},
        "locality": _locality(running),
        "state": running.state,
        "revision": running.row.revision,
        "question": None if running.question is None else question(running, running.question),
        "answers": answers(running),
        "vetoes": [{"id": id_, "name": theme.vetoes[id_].name, "say": theme.vetoes[id_].say} for id_ in running.vetoes],
    }


def question(running: Running, current: Question) -> dict[str, Any]:
    """A question (`schemas.QuestionOut`)."""
    spec = running.release.compiled.theme.facts[current.fact]
    return {
        "fact": current.fact,
        "type": "number" if current.mode == "proxy" else spec.type,
        "ask": wording.ask(running, current),
        "help": wording.help_with(running, current),
        "why": wording.why_asked(running, current.fact),
        "unit": spec.unit if isinstance(spec, NumberFact) and current.mode != "proxy" else None,
        "range": list(spec.range) if isinstance(spec, NumberFact) and current.mode != "proxy" else None,
        "options": options(running, current),
        "allows_unknown": True,
        "allows_none": isinstance(spec, MultiFact) and spec.min == 0,
    }


def options(running: Running, current: Question) -> list[dict[str, Any]]:
    """What can be tapped: options, yes and no, or the sides of a threshold."""
    spec = running.release.compiled.theme.facts[current.fact]
    if isinstance(spec, YesNoFact):
        return [{"value": True, "label": "是", "help": None}, {"value": False, "label": "否", "help": None}]
    if current.mode == "narrow" and isinstance(spec, NumberFact):
        return list(_sides(running.guidance.situation.answers[current.fact], current.cuts, spec))
    return [
        {"value": id_, "label": option.label, "help": getattr(option, "help", None)}
        for id_, option in running.release.compiled.options(current.fact).items()
    ]


def _sides(known: Range, cuts: tuple[Under, ...], spec: NumberFact) -> Iterable[dict[str, Any]]:
    low, low_open = known.low, known.low_open
    for cut in cuts:
        side = Range(low, cut.cut, low_open, not cut.closed)
        yield {"value": encode(side), "label": wording.say_side(cut, spec, low=True), "help": None}
        low, low_open = cut.cut, cut.closed
    side = Range(low, known.high, low_open, known.high_open)
    yield {"value": encode(side), "label": wording.say_side(cuts[-1], spec, low=False), "help": None}


def answers(running: Running) -> list[dict[str, Any]]:
    """The answers that count, in the order of the theme."""
    found = running.guidance.effective
    facts = running.release.compiled.theme.facts
    return [
        {
            "fact": fact,
            "ask": facts[fact].ask,
            "label": f"{facts[fact].label}：{say_answer(running, fact)}",
            "value": encode(found[fact].answer),
            "source": found[fact].source,
            "turn": found[fact].turn,
        }
        for fact in facts
        if fact in found and running.guidance.situation.applies(fact) is not Status.NOT_NEEDED
    ]


def checklist(running: Running) -> dict[str, Any]:
    """The checklist so far (`schemas.ChecklistOut`)."""
    elapse = calendar.calendar(db.session).elapse
    listed = make_checklist(running.guidance.situation, running.release.materials, calendar.today(), elapse)
    theme = running.release.compiled.theme
    kinds = listed.outcomes
    certain = [o for o, status in kinds["item"] if status is Status.NEEDED]
    unanswered = [f for f in theme.facts if running.guidance.situation.askable(f)]
    return {
        "guide": {
            "id": running.row.public_id,
            "theme": theme.id,
            "title": theme.title,
            "theme_version": theme.version,
            "locality": _locality(running),
            "state": running.state,
            "revision": running.row.revision,
        },
        "items": [_item(running, listed, outcome, status) for outcome, status in kinds["item"]],
        "duties": [_said(running, outcome, status) for outcome, status in kinds["duty"]],
        "vetoes": [_said(running, outcome, status) for outcome, status in kinds["veto"]],
        "unset": [_unset(running, outcome, params) for outcome, params in listed.unset],
        "notices": [_said(running, outcome, status) for outcome, status in kinds["notice"]],
        "materials": [_material(running, row) for row in listed.materials],
        "not_needed": [
            {"id": o.id, "name": theme.items[o.id].name, "reason": say_reason(running.guidance.situation, o)}
            for o in listed.not_needed
        ],
        "nothing_needed": theme.nothing_needed if not certain and not unanswered else None,
        "answers": answers(running),
        "open_questions": [{"fact": fact, "ask": theme.facts[fact].ask} for fact in unanswered],
        "plan": _plan(listed),
        "assumptions": [{"fact": fact, "say": say} for fact, say in running.guidance.assumed.items()],
        "disclaimer": wording.DISCLAIMER,
        "as_of": calendar.now(),
    }


def bases(running: Running, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Legal bases (`schemas.BasisOut`)."""
    return [
        {
            "id": id_,
            "law": basis.law,
            "article": basis.article,
            "text": basis.text,
            "checked": basis.checked.isoformat(),
            "certainty": basis.certainty,
        }
        for id_ in ids
        for basis in (running.release.bases[id_],)
    ]


def _locality(running: Running) -> dict[str, str]:
    locality = running.release.compiled.locality
    return {"id": locality.id, "name": locality.name}


def _item(running: Running, listed: Checklist, outcome: Outcome, status: Status) -> dict[str, Any]:
    compiled = running.release.compiled
    item, local = compiled.theme.items[outcome.id], compiled.locality.items.get(outcome.id)
    online = (local and local.online) or item.online
    step = next((n for n, step in enumerate(listed.plan.steps, 1) if outcome.id in step), None)
    return {
        "id": outcome.id,
        "name": item.name,
        "status": status.value,
        "step": step,
        "after": list(listed.plan.after.get(outcome.id, ())),
        "department": (local and local.department) or item.department,
        "time": _time(item.time, promised(compiled, outcome.id), local.status if local and local.promised else None),
        "fee": {"text": (local and local.fee) or item.fee},
        "where": _place(running, listed.places[outcome.id]),
        "online": {"level": online.level, "url": online.url} if online else None,
        "how": item.how,
        "materials": list(listed.uses[outcome.id]),
        "reason": _reason(running, outcome, status),
        "depends_on": list(open_facts(running.guidance.situation, outcome)),
        "note": "".join(note for note in (item.note, local.note if local else None) if note) or None,
        "basis": bases(running, item.basis),
    }


def _time(time: Time, limit: Limit | None, certainty: Certainty | None) -> dict[str, Any]:
    shorter = limit if limit is not None and limit != time.legal else None
    return {
        "promised": _limit(shorter, certainty),
        "legal": _limit(time.legal, None),
        "short": wording.say_limits(shorter, time.legal, None),
        "text": wording.say_limits(shorter, time.legal, time.note),
    }


def _limit(limit: Limit | None, certainty: Certainty | None) -> dict[str, Any] | None:
    return None if limit is None else {"days": limit.days, "unit": limit.unit, "certainty": certainty}


def _place(running: Running, id_: str) -> dict[str, Any]:
    place = running.release.compiled.locality.places[id_]
    return {
        "name": place.name,
        "address": place.address,
        "phone": place.phone,
        "hours": place.hours,
        "certainty": place.status,
    }


def _said(running: Running, outcome: Outcome, status: Status) -> dict[str, Any]:
    theme = running.release.compiled.theme
    spec: Any = {"duty": theme.duties, "veto": theme.vetoes, "notice": theme.notices}[outcome.kind][outcome.id]  # type: ignore[index]
    return {
        "id": outcome.id,
        "name": getattr(spec, "name", None),
        "status": status.value,
        "say": spec.say,
        "way_out": getattr(spec, "way_out", None),
        "reason": _reason(running, outcome, status),
        "depends_on": list(open_facts(running.guidance.situation, outcome)),
        "basis": bases(running, spec.basis),
    }


def _unset(running: Running, outcome: Outcome, params: tuple[str, ...]) -> dict[str, Any]:
    theme = running.release.compiled.theme
    named = [{"id": param, "label": theme.params[param].label} for param in params]
    return {
        "id": outcome.id,
        "name": wording.name_of(theme, outcome.id),
        "kind": outcome.kind,
        "params": named,
        "say": wording.unset(running.release.compiled.locality, [param["label"] for param in named]),
    }


def _material(running: Running, row: MaterialRow) -> dict[str, Any]:
    material = running.release.materials[row.id]
    return {
        "id": row.id,
        "name": material.name,
        "form": row.form,
        "copies": row.copies,
        "source": "issued" if row.issued_by else material.source,
        "for": list(row.items),
        "status": row.status.value,
        "note": "；".join(row.notes) or None,
        "issued_by": row.issued_by,
        "tips": material.tips,
    }


def _plan(listed: Checklist) -> dict[str, Any]:
    plan = listed.plan
    return {
        "steps": [list(step) for step in plan.steps],
        "critical_path": list(plan.critical_path),
        "workdays": plan.workdays if plan.steps else None,
        "earliest": plan.finish.isoformat() if plan.finish and plan.steps else None,
        "say": wording.say_plan(plan),
    }


def _reason(running: Running, outcome: Outcome, status: Status) -> str:
    if status is Status.PERHAPS:
        return wording.perhaps(running, open_facts(running.guidance.situation, outcome))
    return say_reason(running.guidance.situation, outcome) or wording.ALWAYS
