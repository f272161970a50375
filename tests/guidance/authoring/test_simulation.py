"""Simulated citizens are valid, and their sessions are those of the engine."""

from random import Random

import pytest

from guidance.authoring.ordering import WORTH, better_orders
from guidance.authoring.simulation import applicable, asked_ratio, draw, play, simulate
from guidance.session import Session
from guidance.situation import check_answer
from guidance.tables import Status
from tests.guidance.analysis.drawn import SEEDS, drawn_theme


def test_drawn_answers_are_answers(city):
    random = Random(3)
    for _ in range(300):
        for fact, value in draw(random, city).items():
            assert check_answer(city, fact, value) == value


@pytest.mark.parametrize("seed", SEEDS)
def test_a_simulated_session_asks_what_a_session_asks(seed):
    random, _, compiled = drawn_theme(seed, facts=6, items=4)
    for _ in range(5):
        citizen = draw(random, compiled)
        session, asked = Session(compiled), []
        while session.question is not None:
            asked.append(session.question.fact)
            session = session.answer(session.question.fact, citizen[session.question.fact])
        assert play(compiled, citizen) == asked
        assert set(asked) <= set(applicable(compiled, citizen))
        assert Status.PERHAPS not in session.situation.statuses().values()


def test_what_is_told_first_is_not_asked(city):
    random = Random(5)
    for _ in range(50):
        citizen = draw(random, city)
        asked = play(city, citizen, ["indoor", "people"])
        assert not {"indoor", "people"} & set(asked)
        assert len(asked) <= len(play(city, citizen))


def test_a_told_fact_that_does_not_apply_is_not_told(city):
    citizen = {**draw(Random(1), city), "indoor": True, "hours": 8.0}
    assert play(city, citizen, ["hours"]) == play(city, citizen)


def test_a_budget_is_the_same_again_and_adds_up(city):
    budget = simulate(city, 200)
    assert simulate(city, 200) == budget
    assert simulate(city, 200, seed=1) != budget
    assert sum(budget.asked.values()) == pytest.approx(budget.mean)
    assert budget.mean <= budget.maximum <= len(city.theme.facts)
    assert asked_ratio(city, 200) == budget.ratio <= 1
    assert asked_ratio(city, 200, ["indoor", "people"]) < budget.ratio


@pytest.mark.parametrize("seed", range(8))
def test_a_better_order_saves_what_it_promises_and_keeps_gates_before_what_they_open(seed):
    _, _, compiled = drawn_theme(seed, facts=7, items=4)
    order = list(compiled.theme.facts)
    for move in better_orders(compiled):
        rest = [fact for fact in order if fact != move.fact]
        place = rest.index(move.after) + 1 if move.after else 0
        moved = [*rest[:place], move.fact, *rest[place:]]
        assert simulate(compiled, 300, order=moved).mean == pytest.approx(move.mean)
        assert move.saved >= WORTH
        for fact in order:
            gate = compiled.gates.get(fact)
            for dimension in gate.dimensions if gate else ():
                assert moved.index(dimension.fact) < moved.index(fact)
