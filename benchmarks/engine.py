"""The engine on 开餐饮店: correctness over situations, questions asked, times."""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from benchmarks.figures import Figure, seconds
from benchmarks.situations import THEME, broken_relevance_is_noticed, compiled, localities, play_all
from guidance.authoring.mutation import score
from guidance.authoring.simulation import asked_ratio, draw
from guidance.compiler import compile_theme
from guidance.linting import lint
from guidance.loading import load_catalogue
from guidance.session import Session

RANDOM_SITUATIONS = 100_000
OPENING = ("location", "serves", "area", "subject")
CITY = "shiyan"


def figures() -> list[Figure]:
    """Measure."""
    return [*_situations(), *_questions(), *_times(), _mutation()]


def _situations() -> list[Figure]:
    shares = dict.fromkeys(localities(), RANDOM_SITUATIONS // len(localities()))
    many, undecided, wrong = play_all(shares)
    what = f"{many} situations of 5 cities: random, every pair of answers, every value next to a threshold"
    return [
        Figure("guide.situations", many, "", f"≥ {RANDOM_SITUATIONS}", "played to their end"),
        Figure("guide.undecided", undecided, "outcomes", "= 0", what),
        Figure("guide.wrong", wrong, "outcomes", "= 0", f"{what}, against direct evaluation"),
        Figure(
            "guide.control",
            broken_relevance_is_noticed(CITY, 300),
            "faults",
            "≥ 1",
            "broken relevance test, 300 situations",
        ),
    ]


def _questions() -> list[Figure]:
    theme = compiled(CITY)
    told = f"4 facts told in the opening sentence: {', '.join(OPENING)}"
    return [
        Figure(
            "guide.questions_ratio", asked_ratio(theme, 3000), "", "≤ 0.80", "3,000 sessions under the priors, 十堰"
        ),
        Figure("guide.questions_ratio_told", asked_ratio(theme, 3000, OPENING), "", "≤ 0.50", told),
    ]


def _times() -> list[Figure]:
    catalogue = load_catalogue(Path("catalogue"))
    theme, city = catalogue.theme(THEME), catalogue.locality(CITY)
    compile_ms = seconds(lambda: compile_theme(theme, city)) * 1e3
    started = perf_counter()
    lint(catalogue)
    proofs = perf_counter() - started
    return [
        Figure("guide.compile", compile_ms, "ms", "≤ 100", "median of 7, one city"),
        Figure("guide.proofs", proofs, "s", "≤ 10", "linter with all proofs, 5 cities, one process, cold"),
        Figure("guide.next_question", next_question_ms(), "ms", "≤ 1", "median over 300 sessions, after each answer"),
    ]


def next_question_ms() -> float:
    """The median time from an answer to the next question, in milliseconds."""
    theme, random, times = compiled(CITY), Random(1), []
    for _ in range(300):
        citizen = draw(random, theme)
        session = Session(theme)
        while session.question is not None:
            fact = session.question.fact
            started = perf_counter()
            session = session.answer(fact, citizen[fact])
            _ = session.question
            times.append(perf_counter() - started)
    return median(times) * 1e3


def _mutation() -> Figure:
    found = score(load_catalogue(Path("catalogue")), THEME)
    return Figure("guide.mutation_score", found.percent, "%", "≥ 100", f"{found.mutants} mutants of all conditions")
