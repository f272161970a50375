"""The hand-written corpus: what citizens write, and what must be read of it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from guidance.reading import FactReading, Reader, speech_act
from guidance.values import UNKNOWN, Range

HERE = Path(__file__).parent
READINGS = yaml.safe_load((HERE / "corpus.yaml").read_text(encoding="utf-8"))
ACTS = yaml.safe_load((HERE / "acts.yaml").read_text(encoding="utf-8"))
RANGE = re.compile(r"([\[(])\s*([\d.]*)\s*,\s*([\d.]*)\s*([\])])")


def name(case: dict[str, Any]) -> str:
    return f"{case.get('asked', '')}|{case['say']}"


def written(reading: FactReading) -> Any:
    """A reading in the notation of the corpus."""
    value = reading.value
    denied = [f"-{option}" for option in reading.denied]
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, Range):
        return ("(" if value.low_open else "[", value.low, value.high, ")" if value.high_open else "]")
    if isinstance(value, frozenset):
        return sorted(value) + denied
    return denied if value is None else value


def expected(value: Any) -> Any:
    match = RANGE.fullmatch(value) if isinstance(value, str) else None
    if match:
        low, high = (float(bound) if bound else None for bound in match.group(2, 3))
        return (match.group(1), low, high, match.group(4))
    return value


def same(want: Any, reading: FactReading) -> bool:
    got = written(reading)
    if isinstance(want, list) and isinstance(got, list):
        chosen, denied = ([w for w in want if w.startswith("-") is is_denied] for is_denied in (False, True))
        got_chosen = [g for g in got if not g.startswith("-")]
        return sorted(chosen) == sorted(got_chosen) and set(denied) <= set(got)
    if isinstance(want, tuple) and isinstance(got, tuple):
        return [*want] == [g if not isinstance(g, float) else pytest.approx(g, abs=0.6) for g in got]
    return bool(want == got) and isinstance(want, bool) is isinstance(got, bool)


@pytest.mark.parametrize("case", READINGS, ids=name)
def test_reads(case: dict[str, Any], reader: Reader) -> None:
    reading = reader.read(case["say"], case.get("asked"))
    got = {one.fact: written(one) for one in reading.facts}
    want = {fact: expected(value) for fact, value in case["facts"].items()}
    assert set(got) == set(want), (got, reading.complaints)
    assert all(same(value, reading.of(fact)) for fact, value in want.items()), got
    assert [complaint.code for complaint in reading.complaints] == case.get("complaints", []), got
    for fact in case.get("complete", []):
        assert reading.of(fact).complete


@pytest.mark.parametrize("case", ACTS, ids=name)
def test_acts(case: dict[str, Any], reader: Reader) -> None:
    act = speech_act(reader, case["say"], case.get("asked"))
    assert act.kind == case["act"], act
    for attribute in ("rest", "strong"):
        if attribute in case:
            assert getattr(act, attribute) == case[attribute], act
    for attribute in ("facts", "items"):
        if attribute in case:
            assert set(getattr(act, attribute)) == set(case[attribute]), act
