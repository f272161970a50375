"""Mutants: proofs of equality hold, survivors survive, and proposals kill them all."""

from dataclasses import replace

import pytest

from benchmarks.random_themes import THEME
from guidance.authoring.examples import check
from guidance.authoring.mutants import mutants
from guidance.authoring.mutation import score, score_theme
from guidance.authoring.proposals import propose
from guidance.authoring.simulation import draw
from guidance.compiler import compile_theme
from guidance.situation import Situation
from guidance.theme import Example
from tests.guidance.analysis.drawn import drawn_theme, every_situation


def statuses(mutant, compiled, situation):
    """What a mutant makes of a situation, places aside."""
    locality = mutant.localities.get(compiled.locality.id, compiled.locality)
    variant = compile_theme(mutant.theme, locality)
    told = Situation(variant, situation).statuses()
    return {id_: status for id_, status in told.items() if variant.outcomes[id_].kind != "place"}


def base_statuses(compiled, situation):
    told = Situation(compiled, situation).statuses()
    return {id_: status for id_, status in told.items() if compiled.outcomes[id_].kind != "place"}


@pytest.mark.parametrize("seed", range(12))
def test_equality_is_decided_right(seed):
    """Without examples every mutant survives; those called equal change nothing, the others something."""
    random, _, compiled = drawn_theme(seed, facts=3, items=2)
    found = score_theme(compiled.theme, {"testing": compiled.locality})
    assert found.killed == 0 and found.mutants == len(found.survivors)
    near = [value + step for value in (50, 300, 301) for step in (-1, 1)]
    situations = list(every_situation(compiled, near))
    for mutant in found.equal:
        for situation in random.sample(situations, min(20, len(situations))):
            assert statuses(mutant, compiled, situation) == base_statuses(compiled, situation), str(mutant)
    for survivor in random.sample(found.survivors, min(15, len(found.survivors))):
        witness = found.space.witness(survivor.kills["testing"])
        whole = {**draw(random, compiled), **witness}
        assert statuses(survivor.mutant, compiled, whole) != base_statuses(compiled, whole), str(survivor.mutant)


@pytest.mark.parametrize("seed", range(12))
def test_proposed_examples_hold_and_kill_every_survivor(seed):
    _, _, compiled = drawn_theme(seed, facts=4, items=3)
    found = score_theme(compiled.theme, {"testing": compiled.locality})
    proposals = list(propose(found, {"testing": compiled}))
    assert all(check(proposal.example, compiled) == [] for proposal in proposals)
    better = replace(compiled.theme, examples=[proposal.example for proposal in proposals])
    assert score_theme(better, {"testing": compiled.locality}).percent == 100
    assert sum(bool(proposal.kills) for proposal in proposals) < max(2, len(found.survivors) / 2)


@pytest.mark.parametrize("seed", range(12))
def test_proposed_examples_show_every_outcome_that_can_come_up(seed):
    _, _, compiled = drawn_theme(seed, facts=4, items=3)
    found = score_theme(compiled.theme, {"testing": compiled.locality})
    examples = [proposal.example for proposal in propose(found, {"testing": compiled})]
    shown = {id_ for example in examples for id_ in (*example.expect, *(example.unset or ()))}
    possible = {o.id for o in compiled.outcomes.values() if o.kind not in ("place", "material") and o.table.may}
    assert possible <= shown


def test_the_good_theme_guards_itself_and_loses_without_one_example(catalogue, theme):
    assert score(catalogue, "all-types").percent == 100
    localities = {"pingan": catalogue.locality("pingan")}
    for words in ("正好 100 人", "101 人", "51 人", "正好 2 小时", "3 小时"):
        rest = [example for example in theme.examples if words not in example.say]
        assert score_theme(replace(theme, examples=rest), localities).percent < 100, words


def test_an_example_that_only_says_what_is_asked_kills_by_what_is_asked(catalogue, theme):
    localities = {"pingan": catalogue.locality("pingan")}
    asking = [Example(say="问什么", given={"indoor": True}, still_asks=["serves", "people", "district"])]
    nothing = [Example(say="什么也不说", given={"indoor": True})]
    assert score_theme(replace(theme, examples=asking), localities).killed > 0
    assert score_theme(replace(theme, examples=nothing), localities).killed == 0


def test_every_kind_of_fault_is_tried(catalogue, theme, city):
    tried = [str(mutant) for mutant in mutants(theme, {"pingan": city})]
    for words in (
        "“在室内：是”反过来",
        "换到门槛另一边",
        "把门槛本数算到另一边",
        "漏掉选项 tea",
        "多写选项 nothing",
        "平安市的值从“100 人以内（含）”改成“不足 100 人”",
        "平安市的值从“100 人以内（含）”改成“101 人以内（含）”",
        "平安市西区的值从“50 人以内（含）”改成“49 人以内（含）”",
        "平安市的值从“备案”改成“不用办手续”",
        "平安市的值从“2 小时”改成“3 小时”",
    ):
        assert any(words in told for told in tried), words
    assert len(tried) == len(set(tried))


def test_parts_are_dropped_and_joined_otherwise():
    _, drawn, compiled = drawn_theme(2)
    document = drawn.document()
    document["items"]["item0"]["when"] = {"all": [{"$mode": "a"}, {"not": {"fact0": _some(drawn)}}]}
    theme = THEME.validate_python(document)
    told = [
        str(m)
        for m in mutants(theme, {"testing": compile_theme(theme, compiled.locality)})
        if "“事项0”的条件" in str(m)
    ]
    assert any("去掉“本地" in text for text in told) and any("去掉“并非”" in text for text in told)
    assert any("里的“且”改成“或”" in text for text in told)


def _some(drawn):
    fact = drawn.facts["fact0"]
    return {"yesno": True, "choice": "a", "multi": {"has": "a"}, "number": {"lt": 50}}[fact["type"]]
