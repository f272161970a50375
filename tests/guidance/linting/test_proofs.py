"""The linter's proofs against every situation of small random themes."""

from dataclasses import replace

import pytest

from guidance.compiler import compile_theme
from guidance.conditions import AllOf, Atom, Not
from guidance.linting.proofs import Proofs
from guidance.situation import Situation
from guidance.tables import Status
from guidance.theme import DontKnow, YesNoFact
from tests.guidance.analysis.drawn import SEEDS, direct_verdicts, drawn_theme, every_situation

YESNO = YesNoFact(type="yesno", label="有", ask="有吗？", dont_know=DontKnow())


def proofs_of(compiled):
    blank = compile_theme(compiled.theme, replace(compiled.locality, id="no-city", params={}))
    return Proofs([compiled, blank])


@pytest.mark.parametrize("seed", SEEDS)
def test_unanswered_and_unreachable_are_proved_right(seed):
    _, _, compiled = drawn_theme(seed, facts=3, items=2)
    proofs = proofs_of(compiled)
    called, silent = set(), []
    answers = {*compiled.theme.items, *compiled.theme.vetoes}
    for situation in every_situation(compiled):
        possible = set().union(*direct_verdicts(compiled, situation))
        called |= possible
        silent += [] if possible & answers else [situation]
    witness = proofs.unanswered(compiled)
    assert (witness is None) is (not silent)
    if witness is not None:
        told = Situation(compiled, {**silent[0], **witness.situation}).statuses()
        assert all(told[id_] is Status.NOT_NEEDED for id_ in answers)
    for id_, outcome in compiled.outcomes.items():
        if outcome.kind != "place":
            assert proofs.unreachable(id_, [compiled]) is (id_ not in called)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_question_is_idle_exactly_if_no_answer_changes_anything(seed):
    """In the theme's own city; the linter asks the same of all cities."""
    _, _, compiled = drawn_theme(seed, facts=3, items=2)
    proofs = Proofs([compiled])
    by_rest = {fact: {} for fact in compiled.theme.facts}
    changed = set()
    for situation in every_situation(compiled):
        result = tuple(Situation(compiled, situation).statuses().values())
        for fact, seen in by_rest.items():
            rest = tuple(value for other, value in situation.items() if other != fact)
            if seen.setdefault(rest, result) != result:
                changed.add(fact)
    assert {fact for fact in compiled.theme.facts if not proofs.idle(fact)} == changed


@pytest.mark.parametrize("seed", SEEDS)
def test_outcomes_meet_exactly_if_some_situation_calls_for_both(seed):
    _, _, compiled = drawn_theme(seed, facts=3, items=2)
    proofs = Proofs([compiled])
    pairs = [("item0", "item1"), ("veto0", "item0"), ("notice0", "item1")]
    met = set()
    for situation in every_situation(compiled):
        statuses = Situation(compiled, situation).statuses()
        met |= {pair for pair in pairs if all(statuses[id_] is not Status.NOT_NEEDED for id_ in pair)}
    assert {pair for pair in pairs if proofs.meeting(pair) is not None} == met


def test_a_conflict_names_only_what_clashes():
    _, _, compiled = drawn_theme(0)
    yes, no = Atom("fact9", "eq", operand=True), Atom("fact9", "eq", operand=False)
    clash = AllOf((Not(no), AllOf((yes, no))))
    items = {"item0": replace(compiled.theme.items["item0"], when=clash)}
    theme = replace(compiled.theme, facts={**compiled.theme.facts, "fact9": YESNO}, items=items)
    assert set(proofs_of(compile_theme(theme, compiled.locality)).conflict(clash)) == {yes, no}
