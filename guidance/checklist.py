"""The checklist of a session: what is needed, what perhaps, what not, and the materials merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from guidance.compiler import CompiledTheme, Outcome, where_of
from guidance.library import ByDistrict, Material
from guidance.plan import Elapse, Plan, plan
from guidance.situation import Situation
from guidance.tables import Status
from guidance.theme import MaterialUse, PlaceFact

_STRICTNESS = ("electronic", "original_or_electronic", "copy", "original")


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material, merged over the items that need it.

    Attributes:
        status: NEEDED if some needed item certainly needs it, else PERHAPS.
        issued_by: the item of this list that produces it: nothing to prepare.
    """

    id: str
    form: str
    copies: int
    items: tuple[str, ...]
    status: Status
    notes: tuple[str, ...]
    issued_by: str | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything that follows from a situation.

    Attributes:
        outcomes: by kind (item, duty, veto, notice), those needed or perhaps needed.
        unset: outcomes that hang on a parameter the city has not set, with those parameters.
        not_needed: items that are certainly not needed.
        materials: merged, those of needed items first.
        uses: by item, the materials it needs, certainly or perhaps.
        places: by item, the id of the place where it is handled.
    """

    outcomes: dict[str, tuple[tuple[Outcome, Status], ...]]
    unset: tuple[tuple[Outcome, tuple[str, ...]], ...]
    not_needed: tuple[Outcome, ...]
    materials: tuple[MaterialRow, ...]
    uses: dict[str, tuple[str, ...]]
    places: dict[str, str]
    plan: Plan


def make_checklist(situation: Situation, library: Mapping[str, Material], start: date, elapse: Elapse) -> Checklist:
    """The checklist as far as the answers go; complete or not.

    Args:
        situation: what is known.
        library: the shared dictionary of materials.
        start: the first day of the plan.
        elapse: working-day arithmetic, see `guidance.plan.plan`.
    """
    compiled = situation.compiled
    standing: dict[str, list[tuple[Outcome, Status]]] = {"item": [], "duty": [], "veto": [], "notice": []}
    unset: list[tuple[Outcome, tuple[str, ...]]] = []
    not_needed: list[Outcome] = []
    for outcome in compiled.outcomes.values():
        status = situation.status_of(outcome)
        if outcome.kind in standing and status in (Status.NEEDED, Status.PERHAPS):
            standing[outcome.kind].append((outcome, status))
        elif status is Status.UNSET and outcome.kind in standing:
            unset.append((outcome, outcome.table.unset))
        elif status is Status.NOT_NEEDED and outcome.kind == "item":
            not_needed.append(outcome)
    items = {outcome.id: status for outcome, status in standing["item"]}
    rows = list(_merged(situation, items, library))
    needed = [item for item, status in items.items() if status is Status.NEEDED]
    uses = {item: tuple(row.id for row in rows if item in row.items) for item in items}
    return Checklist(
        {kind: tuple(found) for kind, found in standing.items()},
        tuple(unset),
        tuple(not_needed),
        tuple(sorted(rows, key=lambda row: (row.status is not Status.NEEDED, row.issued_by is not None))),
        uses,
        {item: _place(situation, item) for item in (*items, *(o.id for o, _ in unset if o.kind == "item"))},
        plan(compiled, needed, uses, start, elapse),
    )


def _merged(
    situation: Situation, items: Mapping[str, Status], library: Mapping[str, Material]
) -> Iterator[MaterialRow]:
    compiled = situation.compiled
    merged: dict[str, MaterialRow] = {}
    for item, item_status in items.items():
        for use, status in _uses(situation, item, item_status):
            material = library[use.use]
            row = MaterialRow(
                use.use,
                use.form or material.form,
                material.copies if use.copies is None else use.copies,
                (item,),
                status,
                (use.note,) if use.note else (),
                _issuer(compiled, use.use, items, item),
            )
            known = merged.get(use.use)
            merged[use.use] = row if known is None else _merge(known, row, material.merge)
    yield from merged.values()


def _uses(situation: Situation, item: str, item_status: Status) -> Iterator[tuple[MaterialUse, Status]]:
    materials = situation.compiled.theme.items[item].materials
    for use in materials if materials != "none" else ():
        status = item_status if use.when is None else situation.status(f"{item}/{use.use}")
        if status is not Status.NOT_NEEDED:
            yield use, Status.NEEDED if status is Status.NEEDED else Status.PERHAPS


def _merge(a: MaterialRow, b: MaterialRow, how: str) -> MaterialRow:
    return replace(
        a,
        form=max(a.form, b.form, key=_STRICTNESS.index),
        copies=a.copies + b.copies if how == "sum" else max(a.copies, b.copies),
        items=a.items + b.items,
        status=a.status if a.status is Status.NEEDED else b.status,
        notes=tuple(dict.fromkeys(a.notes + b.notes)),
        issued_by=a.issued_by or b.issued_by,
    )


def _issuer(compiled: CompiledTheme, material: str, items: Mapping[str, Status], user: str) -> str | None:
    givers = (item for item in items if item != user and material in compiled.theme.items[item].gives)
    return next(givers, None)


def _place(situation: Situation, item: str) -> str:
    where = where_of(situation.compiled.locality, item)
    if not isinstance(where, ByDistrict):
        return where
    facts = situation.compiled.theme.facts
    district = next((fact for fact, spec in facts.items() if isinstance(spec, PlaceFact)), None)
    return where.by_district.get(str(situation.answers.get(district or "")), where.otherwise)
