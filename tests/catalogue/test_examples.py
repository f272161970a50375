"""The theme's own examples, checked here without the linter."""

from guidance.situation import Situation, check_answer
from guidance.tables import Status


def test_every_example_comes_out_exactly_as_written(theme, compiled):
    for example in theme.examples:
        one = compiled[example.locality]
        answers = {fact: check_answer(one, fact, value) for fact, value in example.given.items()}
        situation = Situation(one, answers)
        statuses = {o.id: situation.status_of(o) for o in one.outcomes.values() if o.kind != "place"}

        def ids(status, statuses=statuses):
            return {id_ for id_, found in statuses.items() if found is status}

        assert ids(Status.NEEDED) == set(example.expect or []), example.say
        assert ids(Status.UNSET) == set(example.unset or []), example.say
        if example.still_asks is None:
            assert ids(Status.PERHAPS) == set(example.perhaps or []), example.say
        else:
            assert [f for f in theme.facts if situation.askable(f)] == example.still_asks, example.say


def test_every_outcome_and_every_city_has_an_example(theme, compiled):
    shown = {id_ for e in theme.examples for id_ in (*(e.expect or []), *(e.unset or []))}
    everything = {o.id for o in compiled["shiyan"].outcomes.values() if o.kind not in ("place", "material")}
    assert everything - shown == set()
    assert {example.locality for example in theme.examples} == set(compiled)


def test_every_threshold_has_an_example_at_it(theme, compiled):
    told = {
        (e.locality, fact, value)
        for e in theme.examples
        for fact, value in e.given.items()
        if fact in ("area", "invest")
    }
    for city, one in compiled.items():
        for param, fact in (
            ("fire_area", "area"),
            ("permit_area", "area"),
            ("small_area", "area"),
            ("fire_invest", "invest"),
        ):
            if param in one.locality.params:
                cut = one.locality.params[param].value
                number = getattr(cut, "up_to", None) or cut.below
                assert (city, fact, number) in told, (city, param)
