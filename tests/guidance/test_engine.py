"""The engine against direct evaluation, on random themes and random citizens."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.random_themes import RandomTheme, random_answer
from guidance.compiler import CompiledTheme, compile_theme
from guidance.direct import DirectEvaluation, oracles
from guidance.session import Session
from guidance.situation import Situation
from guidance.tables import Status, Table
from guidance.values import UNKNOWN

seeds = st.integers(0, 10**9)


def compiled_theme(random: Random) -> CompiledTheme:
    drawn = RandomTheme(random, facts=random.randint(3, 7), items=4)
    return compile_theme(drawn.theme(), drawn.locality())


def citizen(random: Random, compiled: CompiledTheme) -> dict[str, object]:
    return {f: random_answer(random, spec, list(compiled.options(f))) for f, spec in compiled.theme.facts.items()}


def told_directly(compiled: CompiledTheme, situation: dict[str, object]) -> dict[str, set[Status]]:
    """By outcome, what direct evaluation says over all ways the unset parameters could turn out."""
    theme, locality = compiled.theme, compiled.locality
    verdicts = [DirectEvaluation(theme, locality, situation, oracle).outcomes() for oracle in oracles(theme, locality)]
    comparable = [o for o in compiled.outcomes.values() if o.kind != "place"]
    return {o.id: {Status.NEEDED if o.id in verdict else Status.NOT_NEEDED for verdict in verdicts} for o in comparable}


def play(random: Random, compiled: CompiledTheme, situation: dict[str, object], unknown: float = 0.0) -> Session:
    session = Session(compiled)
    for _ in range(100):
        question = session.question
        if question is None:
            return session
        told = UNKNOWN if random.random() < unknown else situation[question.fact]
        session = session.answer(question.fact, told)
    raise AssertionError("the guide does not end")


def expected(told: set[Status]) -> Status:
    return told.pop() if len(told) == 1 else Status.UNSET


@given(seeds)
@settings(max_examples=300, deadline=None)
def test_a_session_played_to_its_end_decides_everything_as_direct_evaluation_does(seed):
    random = Random(seed)
    compiled = compiled_theme(random)
    for _ in range(5):
        situation = citizen(random, compiled)
        session = play(random, compiled, situation)
        told = told_directly(compiled, situation)
        assert {o: session.situation.status(o) for o in told} == {o: expected(s) for o, s in told.items()}


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_partial_answers_never_contradict_any_completion(seed):
    random = Random(seed)
    compiled = compiled_theme(random)
    situation = citizen(random, compiled)
    known = {f: v for f, v in situation.items() if random.random() < 0.5}
    partial = Situation(compiled, known)
    told = told_directly(compiled, situation)
    for outcome, verdicts in told.items():
        status = partial.status(outcome)
        assert status is Status.PERHAPS or status is expected(verdicts)


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_dont_know_is_never_a_no(seed):
    """Whatever stays unknown, nothing is called needed or not needed that the truth contradicts."""
    random = Random(seed)
    compiled = compiled_theme(random)
    situation = citizen(random, compiled)
    session = play(random, compiled, situation, unknown=0.4)
    for outcome, verdicts in told_directly(compiled, situation).items():
        status = session.situation.status(outcome)
        assert status is Status.PERHAPS or status is expected(verdicts)


def test_a_broken_relevance_test_is_noticed(monkeypatch):
    """Negative control: the first property fails if questions that matter are passed over."""
    honest = Table.matters
    monkeypatch.setattr(
        Table,
        "matters",
        lambda self, fact, rows, settled=(): fact[-1] not in "24" and honest(self, fact, rows, settled),
    )
    with pytest.raises(AssertionError):
        for seed in range(200):
            random = Random(seed)
            compiled = compiled_theme(random)
            situation = citizen(random, compiled)
            session = play(random, compiled, situation)
            told = told_directly(compiled, situation)
            assert {o: session.situation.status(o) for o in told} == {o: expected(s) for o, s in told.items()}
