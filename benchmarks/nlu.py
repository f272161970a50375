"""Intents and themes recognised on sentences that were written apart from the training examples."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figures import Figure
from deploy.processes import BOT_PYTHON, RASA_ENVIRONMENT, ROOT

HELD_OUT = ROOT / "tests" / "bot"
MODEL = ROOT / "bot" / "models" / "daoban.tar.gz"
NO_THEME = "none"
FALLBACK = "nlu_fallback"

Labelled = list[tuple[str, str]]


def figures() -> list[Figure]:
    """Measure the trained model, in Rasa's environment."""
    intents, themes = labelled(HELD_OUT / "heldout_nlu.yml"), labelled(HELD_OUT / "heldout_themes.yml")
    parsed = parse([sentence for _, sentence in (*intents, *themes)])
    return [*_intent_figures(intents, parsed[: len(intents)]), *_theme_figures(themes, parsed[len(intents) :])]


def labelled(path: Path) -> Labelled:
    """The sentences of a hold-out file, each after its label."""
    content: dict[str, list[str]] = yaml.safe_load(path.read_text())
    return [(label, sentence) for label, sentences in content.items() for sentence in sentences]


def parse(sentences: Sequence[str]) -> list[dict[str, Any]]:
    """What the model makes of each sentence: see `bot/parse.py`."""
    done = subprocess.run(
        [str(BOT_PYTHON), "-W", "ignore", "-m", "bot.parse", str(MODEL)],
        input=json.dumps(sentences),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **RASA_ENVIRONMENT},
        text=True,
        check=True,
    )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def _intent_figures(rows: Labelled, parsed: Sequence[dict[str, Any]]) -> list[Figure]:
    """A sentence left to the fallback counts as wrong in `nlu_accuracy`, not in `nlu_top3`."""
    answers = list(zip((label for label, _ in rows), parsed, strict=True))
    right = sum(result["intent"] == label for label, result in answers)
    among = sum(label in _candidates(result) for label, result in answers)
    left = sum(result["intent"] == FALLBACK for _, result in answers)
    what = f"{len(rows)} held-out sentences, {len({label for label, _ in rows})} intents"
    return [
        Figure("guide.nlu_accuracy", right / len(rows), "", "≥ 0.9", f"{what}; {left} fell back, counted as wrong"),
        Figure("guide.nlu_top3", among / len(rows), "", "", f"{what}; right intent among the first three"),
    ]


def _candidates(result: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in result["ranking"] if entry["name"] != FALLBACK][:3]


def _theme_figures(rows: Labelled, parsed: Sequence[dict[str, Any]]) -> list[Figure]:
    """Sentences of a theme: named rightly, among the three sent. Sentences of none: left unnamed."""
    answers = list(zip((label for label, _ in rows), parsed, strict=True))
    meant = [(label, result) for label, result in answers if label != NO_THEME]
    unmeant = [result for label, result in answers if label == NO_THEME]
    named = sum(result["theme"] == label for label, result in meant)
    among = sum(label in [theme["id"] for theme in result["themes"]] for label, result in meant)
    unnamed = sum(result["theme"] is None for result in unmeant)
    what = f"{len(meant)} held-out sentences, {len({label for label, _ in meant})} themes"
    others = f"{len(unmeant)} held-out sentences of no theme, left unnamed"
    return [
        Figure("guide.theme_top1", named / len(meant), "", "≥ 0.85", f"{what}; left unnamed counts as wrong"),
        Figure("guide.theme_top3", among / len(meant), "", "≥ 0.95", f"{what}; among the three sent to the API"),
        Figure("guide.theme_none", unnamed / len(unmeant), "", "", others),
    ]
