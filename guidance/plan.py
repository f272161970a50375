"""The order of items, what can run in parallel, and the earliest day on which all is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from guidance.compiler import CompiledTheme
from guidance.theme import Limit

Elapse = Callable[[date, Limit], date]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to go about a list of items.

    Attributes:
        steps: items of one step can run in parallel, once those of the earlier steps are done.
        after: by item, the items that must come first.
        critical_path: the chain of items that takes longest.
        finish: the day on which the last item before opening is done; None if the calendar does
            not reach so far.
        workdays: length of the critical path, hours and natural days rounded up to working days.
    """

    steps: tuple[tuple[str, ...], ...]
    after: dict[str, tuple[str, ...]]
    critical_path: tuple[str, ...]
    finish: date | None
    workdays: int


def promised(compiled: CompiledTheme, item: str) -> Limit | None:
    """The limit that counts for planning: the city's promise, the theme's, else the statutory."""
    own = compiled.locality.items.get(item)
    time = compiled.theme.items[item].time
    return (own.promised if own else None) or time.promised or time.legal


def plan(
    compiled: CompiledTheme, items: Iterable[str], uses: Mapping[str, Iterable[str]], start: date, elapse: Elapse
) -> Plan:
    """Plan the given items.

    Args:
        compiled: the theme.
        items: ids of the items on the list.
        uses: by item, the ids of the materials it needs.
        start: the day on which the citizen hands in the first papers.
        elapse: the last day of a limit that begins on a day (which itself does not count);
            raises LookupError where the calendar is not published.
    """
    wanted = list(items)
    after = {item: _before(compiled, item, wanted, uses.get(item, ())) for item in wanted}
    sorter: TopologicalSorter[str] = TopologicalSorter(after)
    sorter.prepare()
    steps: list[tuple[str, ...]] = []
    while sorter.is_active():
        ready = sorter.get_ready()
        steps.append(tuple(item for item in wanted if item in ready))
        sorter.done(*ready)
    path = _critical_path(compiled, [item for step in steps for item in step], after)
    return Plan(
        tuple(steps),
        after,
        path,
        _finish(compiled, path, start, elapse),
        _ceil(sum(_length(compiled, i) for i in path)),
    )


def _before(compiled: CompiledTheme, item: str, wanted: list[str], uses: Iterable[str]) -> tuple[str, ...]:
    used = set(uses)
    spec = compiled.theme.items[item]
    return tuple(
        other
        for other in wanted
        if other != item and (other in spec.after or used & set(compiled.theme.items[other].gives))
    )


def _length(compiled: CompiledTheme, item: str) -> float:
    limit = promised(compiled, item)
    if limit is None:
        return 0
    return {"workday": limit.days, "day": limit.days * 5 / 7, "hour": limit.days / 8}[limit.unit]


def _critical_path(
    compiled: CompiledTheme, ordered: list[str], after: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    longest: dict[str, tuple[float, tuple[str, ...]]] = {}
    for item in ordered:
        before = max((longest[other] for other in after[item]), default=(0.0, ()), key=lambda found: found[0])
        longest[item] = (before[0] + _length(compiled, item), (*before[1], item))
    decisive = [longest[item] for item in ordered if compiled.theme.items[item].before_opening]
    return max(decisive, default=(0.0, ()), key=lambda found: found[0])[1]


def _finish(compiled: CompiledTheme, path: tuple[str, ...], start: date, elapse: Elapse) -> date | None:
    day = start
    try:
        for item in path:
            limit = promised(compiled, item)
            day = elapse(day, limit) if limit else day
    except LookupError:
        return None
    return day


def _ceil(number: float) -> int:
    return int(-(-number // 1))
