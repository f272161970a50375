"""Two versions compared: what is proved is what every situation shows."""

from dataclasses import replace

import pytest

from benchmarks.random_themes import THEME
from guidance.authoring.difference import IncomparableError, compare, sessions_affected
from guidance.compiler import compile_theme
from guidance.conditions import Always, parse_condition
from guidance.situation import Situation
from tests.guidance.analysis.drawn import SEEDS, drawn_theme, every_situation


def test_a_theme_does_not_differ_from_itself(city):
    found = compare(city, city)
    assert found.share == 0 and found.samples == () and found.questions == ()
    assert {outcome.change for outcome in found.outcomes} == {"same"}


@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_the_outcomes_that_some_situation_shows_are_changed(seed):
    _, drawn, old = drawn_theme(seed, facts=3, items=2)
    document = drawn.document()
    document["items"]["item0"]["when"] = drawn.condition(2)
    new = compile_theme(THEME.validate_python(document), old.locality)
    found = compare(old, new)
    shown = set()
    for situation in every_situation(old):
        one, other = Situation(old, situation).statuses(), Situation(new, situation).statuses()
        shown |= {id_ for id_ in one if old.outcomes[id_].kind != "place" and one[id_] is not other[id_]}
    assert {outcome.id for outcome in found.outcomes if outcome.change == "changed"} == shown
    assert bool(found.samples) is bool(shown)
    for sample in found.samples:
        assert sample.situation
    assert len({(sample.before, sample.after) for sample in found.samples}) == len(found.samples)
    assert (found.share > 0) <= bool(shown)


def test_added_removed_and_reworded_outcomes_are_named(theme, city):
    items = {id_: item for id_, item in theme.items.items() if id_ != "reading-filing"}
    items["safety"] = replace(items["safety"], fee="十元")
    items["cleaning"] = replace(items["safety"], name="打扫", when=Always(), materials="none")
    new = compile_theme(replace(theme, version="2026.12.1", items=items), city.locality)
    found = compare(city, new)
    changes = {outcome.id: outcome.change for outcome in found.outcomes}
    assert changes["cleaning"] == "added" and changes["reading-filing"] == "removed"
    assert changes["safety"] == "wording" and changes["food-safety"] == "same"
    assert found.share == pytest.approx(1)
    sample = found.samples[0]
    assert "cleaning" in sample.after and "reading-filing" in sample.before and "cleaning" not in sample.before


def test_changed_questions_are_named(theme, city):
    facts = dict(theme.facts)
    venue = facts["venue"]
    facts["venue"] = replace(venue, options={**venue.options, "hall": replace(venue.options["cafe"], label="礼堂")})
    facts["pets"] = replace(facts["indoor"], label="带宠物")
    del facts["hours"]
    vetoes = {}
    new = compile_theme(replace(theme, facts=facts, vetoes=vetoes), city.locality)
    questions = "；".join(compare(city, new).questions)
    assert "新增问题“带宠物”" in questions and "去掉问题“夜里的时长”" in questions and "新增选项“礼堂”" in questions


def test_a_question_of_another_type_cannot_be_compared(theme, city):
    facts = {**theme.facts, "people": replace(theme.facts["people"], unit="wan")}
    with pytest.raises(IncomparableError, match="参加人数"):
        compare(city, compile_theme(replace(theme, facts=facts), city.locality))


def test_sessions_whose_list_changes_are_found(theme, city):
    items = {**theme.items, "safety": replace(theme.items["safety"], when=parse_condition({"venue": "library"}))}
    venue = theme.facts["venue"]
    facts = {**theme.facts, "venue": replace(venue, options={"library": venue.options["library"]})}
    safety = replace(items["safety"], materials=[items["safety"].materials[0]])
    new = compile_theme(replace(theme, facts=facts, items={**items, "safety": safety}), city.locality)
    sessions = [
        ("grows", {"indoor": True, "venue": "library", "people": 10, "district": "east"}),
        ("shrinks", {"indoor": False, "people": 500, "serves": "unknown", "district": "east"}),
        ("stays", {"indoor": False, "people": 5, "serves": ["tea"], "district": "east"}),
        ("invalid", {"indoor": True, "venue": "cafe", "people": 5, "district": "east"}),
    ]
    found = {change.id: change for change in sessions_affected(city, new, sessions)}
    assert "大型活动安全许可" in found["grows"].added
    assert "大型活动安全许可" in found["shrinks"].removed
    assert found["invalid"].invalid == ("室内场地",)
    assert "stays" not in found
