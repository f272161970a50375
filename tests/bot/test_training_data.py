"""The training examples and the held-out sentences: complete, consistent, and apart."""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

ROOT = Path(__file__).parents[2]
HELD_OUT = Path(__file__).parent
THEMES = {
    *("open-restaurant", "open-store", "open-pharmacy", "open-salon", "open-hotel", "start-company"),
    *("open-clinic", "open-training", "newborn", "close-company", "open-transport", "build-project"),
    "change-individual",
}
_SIMPLIFIED = OpenCC("t2s")


def core(sentence):
    """A sentence without what makes no difference: script, width, case, punctuation."""
    folded = _SIMPLIFIED.convert(unicodedata.normalize("NFKC", sentence)).lower()
    return re.sub(r"[\W_]+", "", folded) or sentence


def blocks():
    for path in sorted((ROOT / "nlu_data").glob("*.yml")):
        yield from yaml.safe_load(path.read_text())["nlu"]


def examples(block):
    return [line.removeprefix("- ") for line in block["examples"].splitlines()]


def held_out(name):
    content = yaml.safe_load((HELD_OUT / name).read_text())
    return [(label, sentence) for label, sentences in content.items() for sentence in sentences]


@pytest.fixture(scope="module")
def by_intent():
    found = defaultdict(list)
    for block in blocks():
        found[block["intent"]] += examples(block)
    return found


@pytest.fixture(scope="module")
def intents():
    return yaml.safe_load((ROOT / "bot" / "domain.yml").read_text())["intents"]


def test_every_intent_has_enough_examples_and_no_other_has_any(by_intent, intents):
    assert set(by_intent) == set(intents)
    assert {intent: len(by_intent[intent]) for intent in intents if len(by_intent[intent]) < 60} == {}


def test_every_intent_and_the_fallback_lead_to_the_one_action(intents):
    rules = yaml.safe_load((ROOT / "bot" / "rules.yml").read_text())["rules"]
    steps = [rule["steps"] for rule in rules]
    assert steps == [[{"intent": i}, {"action": "action_guide"}] for i in [*intents, "nlu_fallback"]]


def test_the_themes_are_those_of_the_catalogue_to_come():
    labels = {block["metadata"]["theme"] for block in blocks() if "metadata" in block}
    assert labels == THEMES


def test_no_sentence_belongs_to_two_intents(by_intent):
    owners = defaultdict(set)
    for intent, sentences in by_intent.items():
        for sentence in sentences:
            owners[core(sentence)].add(intent)
    assert {sentence: found for sentence, found in owners.items() if len(found) > 1} == {}


def test_no_sentence_belongs_to_two_themes():
    owners = defaultdict(set)
    for block in blocks():
        for sentence in examples(block):
            owners[core(sentence)].add(block.get("metadata", {}).get("theme"))
    assert {sentence: found for sentence, found in owners.items() if len(found) > 1} == {}


def test_there_are_enough_held_out_sentences(intents):
    rows = held_out("heldout_nlu.yml")
    assert len(rows) >= 250
    assert {intent for intent in intents if sum(label == intent for label, _ in rows) < 8} == set()
    themes = held_out("heldout_themes.yml")
    assert {label for label, _ in themes} == {*THEMES, "none"}
    assert {theme for theme in THEMES if sum(label == theme for label, _ in themes) < 8} == set()


@pytest.mark.parametrize("name", ["heldout_nlu.yml", "heldout_themes.yml"])
def test_no_held_out_sentence_is_trained_on(by_intent, name):
    trained = {core(sentence) for sentences in by_intent.values() for sentence in sentences}
    assert [sentence for _, sentence in held_out(name) if core(sentence) in trained] == []


@pytest.mark.parametrize("name", ["heldout_nlu.yml", "heldout_themes.yml"])
def test_held_out_sentences_are_text_and_differ(name):
    sentences = [sentence for _, sentence in held_out(name)]
    assert all(isinstance(sentence, str) for sentence in sentences)
    assert len({core(sentence) for sentence in sentences}) == len(sentences)
