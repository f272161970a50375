"""Reads clause after clause, with what the clause before left open."""

from __future__ import annotations

from guidance.reading import words
from guidance.reading.mentions import MentionReader
from guidance.reading.numbers import NumberReader
from guidance.reading.scene import Open, Scene
from guidance.reading.short_answers import ShortAnswerReader
from guidance.reading.tokens import Clause, Kind, Mood


def read_clauses(scene: Scene, clauses: list[Clause]) -> None:
    """Read the clauses of one text, in order, into the scene's ledger."""
    numbers = NumberReader(scene)
    mentions = MentionReader(scene, numbers)
    short_answers = ShortAnswerReader(scene)
    for clause in clauses:
        if clause.repairs:
            scene.turn += 1
            scene.corrects = True
        scene.unread += [(token.start, token.end) for token in clause.of(Kind.UNKNOWN)]
        before, scene.open = scene.open, Open()
        if numbers.read_alone(clause):
            continue
        if clause.bare:
            short_answers.read(clause, before)
            continue
        mentions.read(clause)
        if clause.mood is not Mood.ASKS:
            numbers.read(clause, before.cue)
        scene.open.expects = clause.mood is Mood.ASKS or clause.text.endswith(words.TOPIC_ENDS)
    numbers.finish()
    short_answers.finish()
