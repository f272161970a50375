"""The decision diagram against direct evaluation of every situation of small random themes."""

from random import Random

import pytest

from guidance.analysis.residual import status_of
from guidance.analysis.sites import sites
from guidance.analysis.space import EVERY, NO, Space
from guidance.authoring.simulation import draw
from guidance.compiler import compile_theme
from guidance.conditions import AllOf, AnyOf
from guidance.direct import DirectEvaluation, oracles
from guidance.linting.proofs import Proofs
from guidance.loading import load_catalogue
from guidance.situation import Situation
from guidance.tables import Status, TableBuilder
from tests.guidance.analysis.drawn import SEEDS, direct_verdicts, drawn_theme, every_situation
from tests.guidance.linting.conftest import GOOD


@pytest.mark.parametrize("seed", SEEDS)
def test_must_and_may_are_what_direct_evaluation_says(seed):
    random, _, compiled = drawn_theme(seed)
    space, city = Space([compiled]), compiled.locality.id
    truths = {o.id: space.truth(o.formula, city) for o in compiled.outcomes.values() if o.kind != "place"}
    situations = list(every_situation(compiled))
    for situation in random.sample(situations, min(60, len(situations))):
        verdicts = direct_verdicts(compiled, situation)
        for id_, truth in truths.items():
            told = [id_ in verdict for verdict in verdicts]
            assert space.contains(truth.must, city, situation) is all(told), (id_, situation)
            assert space.contains(truth.may, city, situation) is any(told), (id_, situation)


@pytest.mark.parametrize("seed", SEEDS)
def test_conditions_are_equal_exactly_if_no_situation_tells_them_apart(seed):
    random, _, compiled = drawn_theme(seed, facts=3)
    proofs = Proofs([compiled])
    conditions = [condition for _, condition in sites(compiled.theme)]
    first, second = random.choice(conditions), random.choice(conditions)
    for one, other in ((first, second), (first, AllOf((first, first))), (first, AnyOf((first, second)))):
        witness = proofs.difference(one, other)
        told_apart = [s for s in every_situation(compiled) if _differ(compiled, one, other, s)]
        assert (witness is None) is (not told_apart)
        if witness is not None:
            assert _differ(compiled, one, other, {**random.choice(told_apart), **witness.situation})


def _differ(compiled, one, other, situation):
    for oracle in oracles(compiled.theme, compiled.locality):
        full = {
            "mode": "a",
            **{f"{p}/{f}": True for p in compiled.theme.params for f in compiled.theme.facts},
            **oracle,
        }
        evaluation = DirectEvaluation(compiled.theme, compiled.locality, situation, full)
        if evaluation.holds(one) is not evaluation.holds(other):
            return True
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_a_witness_is_in_its_set_however_it_is_completed(seed):
    random, _, compiled = drawn_theme(seed)
    space, city = Space([compiled]), compiled.locality.id
    for outcome in compiled.outcomes.values():
        truth = space.truth(outcome.formula, city)
        if truth.must != NO:
            witness = space.witness(truth.must)
            for _ in range(5):
                assert space.contains(truth.must, city, {**draw(random, compiled), **witness})


@pytest.mark.parametrize("seed", range(6))
def test_a_share_is_the_frequency_among_drawn_citizens(seed):
    random, _, compiled = drawn_theme(seed)
    assert_shares_are_frequencies(random, compiled)


def test_shares_follow_written_priors_bins_and_exclusive_options():
    catalogue = load_catalogue(GOOD)
    compiled = compile_theme(catalogue.theme("all-types"), catalogue.locality("pingan"))
    assert_shares_are_frequencies(Random(1), compiled)


def assert_shares_are_frequencies(random, compiled):
    space, city = Space([compiled]), compiled.locality.id
    citizens = [draw(random, compiled) for _ in range(2000)]
    for outcome in compiled.outcomes.values():
        truth = space.truth(outcome.formula, city)
        counted = sum(Situation(compiled, c).status_of(outcome) is Status.NEEDED for c in citizens) / len(citizens)
        assert space.share(truth.must) == pytest.approx(counted, abs=0.045), outcome.id
    assert space.share(EVERY) == 1 and space.share(NO) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_formula_stands_as_its_table_does_whatever_is_known(seed):
    random, _, compiled = drawn_theme(seed)
    builder = TableBuilder(compiled.theme.facts, compiled.theme.params, compiled.locality.districts)
    for _ in range(10):
        known = {f: v for f, v in draw(random, compiled).items() if random.random() < 0.6}
        for outcome in compiled.outcomes.values():
            assert status_of(outcome.formula, known, builder) is Situation(compiled, known).status_of(outcome)
