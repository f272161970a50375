"""A thousand generated themes as large as 开餐饮店: load, compile, memory, next question."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import yaml12

from benchmarks.figures import Figure
from benchmarks.random_themes import LOCALITY, RandomTheme, random_answer, random_locality
from guidance.compiler import CompiledTheme, compile_theme
from guidance.loading import THEME
from guidance.session import Session

MANY = 1000
FACTS, ITEMS = 22, 26
"""As many as 开餐饮店 has."""


def figures() -> list[Figure]:
    """Measure, in a process of its own, so that the memory is the themes' alone."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).glob("*.yaml")) / MANY / 1024
        command = [sys.executable, "-m", "benchmarks.many_themes", folder]
        found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    what = f"{MANY} generated themes, {FACTS} facts, {size:.0f} KiB each"
    return [
        Figure("guide.thousand_load", found["seconds"], "s", "≤ 20", f"{what}; read, check, compile; one process"),
        Figure("guide.thousand_memory", found["megabytes"], "MB", "≤ 500", "peak of that process, Python included"),
        Figure("guide.thousand_next", found["ratio"], "×", "≤ 1.2", "next question with 1,000 themes loaded ÷ with 1"),
    ]


def _write(folder: Path) -> None:
    for number in range(MANY):
        theme = RandomTheme(Random(number), facts=FACTS, items=ITEMS)
        text = yaml12.format_yaml(theme.document(f"theme-{number}"))
        (folder / f"theme-{number}.yaml").write_text(text, encoding="utf-8")


def _measure(folder: Path) -> dict[str, float]:
    paths = sorted(folder.glob("*.yaml"))
    city = LOCALITY.validate_python(random_locality(Random(7)))
    alone = compile_theme(THEME.read(paths[0]).content, city)
    before = _next_question(alone)
    started = perf_counter()
    themes = [compile_theme(THEME.read(path).content, city) for path in paths]
    took = perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": took, "megabytes": memory, "ratio": _next_question(themes[0]) / before}


def _next_question(theme: CompiledTheme) -> float:
    """The median time of a next question over 200 sessions, seconds."""
    random, times = Random(3), []
    for _ in range(200):
        session = Session(theme)
        while session.question is not None:
            fact = session.question.fact
            answer = random_answer(random, theme.theme.facts[fact], list(theme.options(fact)))
            started = perf_counter()
            session = session.answer(fact, answer)
            _ = session.question
            times.append(perf_counter() - started)
    return median(times)


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
