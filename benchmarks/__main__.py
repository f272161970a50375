"""`python -m benchmarks [--only PART]`: measure, print a table, write latest.json."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from benchmarks import chat, engine, many_themes, nlu, suite
from benchmarks.appointments import agreement, calling, claims, listing, machine, storm
from benchmarks.appointments import calendar as session_days
from benchmarks.appointments import killed as killed_bookings
from benchmarks.cases import journey, lookup, numbers, pushing, receipts, workdays
from benchmarks.cases import machine as lives
from benchmarks.cases import serving as progress
from benchmarks.figures import Figure, table
from benchmarks.wechat import fuzz, killed, logs, once, stalled, tokens, turn

PARTS = {
    "guide": (engine, many_themes, nlu, chat, suite),
    "appointments": (session_days, agreement, listing, claims, calling, storm, killed_bookings, machine),
    "cases": (workdays, lives, receipts, numbers, lookup, progress, pushing, journey),
    "wechat": (tokens, fuzz, turn, stalled, once, killed, logs),
}
LATEST = Path(__file__).parent / "latest.json"


def main() -> int:
    """Measure what is wanted.

    Returns:
        0 if all bars are kept, 1 if not.
    """
    modules = {f"{part}.{_name(module)}": module for part, several in PARTS.items() for module in several}
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=sorted([*PARTS, *modules]), help="measure one part, or one module of it")
    wanted = parser.parse_args().only
    figures: list[Figure] = []
    for name, module in modules.items():
        if wanted in (None, name, name.partition(".")[0]):
            print(f"· {module.__name__}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
            found = module.figures()
            print(table(found), flush=True)
            figures += found
    _write(figures, whole=None if wanted is None else f"{wanted}.")
    print("\n" + table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _write(figures: Sequence[Figure], *, whole: str | None) -> None:
    """Keep of the last record what was not measured now; `whole` is the beginning of ids measured without a gap.

    A figure that is measured again stays in its place.
    """
    measured = {figure.id: figure.as_json() for figure in figures}
    before = [] if whole is None or not LATEST.exists() else json.loads(LATEST.read_text())
    kept = {e["id"]: e for e in before if e["id"] in measured or not e["id"].startswith(whole)}
    LATEST.write_text(json.dumps(list((kept | measured).values()), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
