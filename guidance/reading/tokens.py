"""Text cut into clauses of typed tokens: words of the theme, numbers, and words of grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from guidance.reading import words
from guidance.reading.floors import Storeys, read_storeys
from guidance.reading.normalise import Normalised
from guidance.reading.quantities import Quantity, read_quantities
from guidance.reading.vocabulary import Target, Vocabulary


class Kind(Enum):
    """What a token is."""

    MENTION = auto()
    QUANTITY = auto()
    NEGATOR = auto()
    VERB = auto()
    ONLY = auto()
    EXCEPT = auto()
    EXCEPT_END = auto()
    ALL = auto()
    REST = auto()
    ALSO = auto()
    A_NOT_A = auto()
    QUESTION = auto()
    EVASION = auto()
    REPAIR = auto()
    HEDGE = auto()
    JOINER = auto()
    OF = auto()
    FILLER = auto()
    UNKNOWN = auto()
    BREAK = auto()
    SOFT_BREAK = auto()


class Mood(Enum):
    """Whether a clause says something, asks for it (有凉菜吗), or asks leave (卖凉菜可以吗)."""

    SAYS = auto()
    ASKS = auto()
    ASKS_LEAVE = auto()


@dataclass(slots=True)
class Token:
    """A piece of the normalised text.

    Attributes:
        targets: for a mention, what it names.
        storeys: for a mention of storeys, which.
        quantity: for a number, what it says.
        every: the mention names all its targets together (前两个).
    """

    kind: Kind
    text: str
    start: int
    end: int
    targets: tuple[Target, ...] = ()
    storeys: Storeys | None = None
    quantity: Quantity | None = None
    every: bool = False


@dataclass(slots=True)
class Clause:
    """Tokens between two breaks.

    Attributes:
        mark: the punctuation that ends the clause, or an empty string.
        soft: the clause is parted from the one before by a space only.
        repairs: the speaker takes back what stands before (不对, 说错了).
        source: the whole normalised text.
        mood: whether it says something or asks.
    """

    tokens: list[Token] = field(default_factory=list)
    mark: str = ""
    soft: bool = False
    repairs: bool = False
    source: str = ""
    mood: Mood = Mood.SAYS

    @property
    def text(self) -> str:
        """The clause's normalised text."""
        return "".join(token.text for token in self.tokens)

    @property
    def span(self) -> tuple[int, int]:
        """Where the clause begins and ends in the normalised text."""
        return self.tokens[0].start, self.tokens[-1].end

    def of(self, *kinds: Kind) -> list[Token]:
        """The tokens of some kinds, in order."""
        return [token for token in self.tokens if token.kind in kinds]

    @property
    def bare(self) -> bool:
        """Whether nothing of the theme and no number is named."""
        return not any(token.kind in (Kind.MENTION, Kind.QUANTITY) for token in self.tokens)


_FUNCTION_WORDS: Final[tuple[tuple[Kind, Iterable[str]], ...]] = (
    (Kind.EVASION, (*words.EVASIONS, *words.INDIFFERENT)),
    (Kind.REPAIR, words.REPAIRS),
    (Kind.UNKNOWN, words.ALIEN_NUMBER_CUES),
    (Kind.FILLER, words.POSITIVE_WITH_NEGATOR),
    (Kind.NEGATOR, (*words.SOFT_NEGATORS, *words.NEGATORS)),
    (Kind.EXCEPT, words.EXCEPT_WORDS),
    (Kind.EXCEPT_END, words.EXCEPT_ENDS),
    (Kind.ALL, words.ALL_WORDS),
    (Kind.REST, words.REST_WORDS),
    (Kind.ONLY, words.ONLY_WORDS),
    (Kind.QUESTION, words.QUESTION_WORDS),
    (Kind.ALSO, words.ALSO_WORDS),
    (Kind.BREAK, (*words.TURNS, *words.HARD_BREAKS)),
    (Kind.SOFT_BREAK, words.SOFT_BREAKS),
    (Kind.JOINER, words.JOINERS),
    (Kind.HEDGE, words.HEDGES),
    (Kind.VERB, words.VERBS),
    (Kind.OF, ("的",)),
    (Kind.FILLER, words.FILLERS),
)


def _lexicon() -> dict[str, list[tuple[str, Kind]]]:
    kinds: dict[str, Kind] = {}
    for kind, entries in _FUNCTION_WORDS:
        for entry in entries:
            kinds.setdefault(entry, kind)
    by_first: dict[str, list[tuple[str, Kind]]] = {}
    for entry in sorted(kinds, key=len, reverse=True):
        by_first.setdefault(entry[0], []).append((entry, kinds[entry]))
    return by_first


_LEXICON: Final = _lexicon()
_A_NOT_A: Final = re.compile(words.A_NOT_A)
_LEADING: Final = (
    Kind.VERB,
    Kind.NEGATOR,
    Kind.JOINER,
    Kind.MENTION,
    Kind.ALSO,
    Kind.ALL,
    Kind.ONLY,
    Kind.EXCEPT,
)
_OPENING: Final = frozenset("了点些个过着包条卖做有和跟与、或及，。,; ")


def tokenise(
    norm: Normalised, vocabulary: Vocabulary, asked: str | None, ordinals: Iterable[Token] = ()
) -> list[Clause]:
    """Cut a text into clauses.

    Args:
        norm: the text.
        vocabulary: words of the theme.
        asked: the fact being asked; it wins where two facts claim the same words.
        ordinals: tokens found beforehand that count as mentions (第二个).
    """
    named = _chosen(list(ordinals), list(_mentions(norm, vocabulary, asked)))
    clauses = _clauses(_with_function_words(norm.text, named))
    for clause in clauses:
        clause.source = norm.text
        clause.mood = _mood(clause)
    return clauses


def _mentions(norm: Normalised, vocabulary: Vocabulary, asked: str | None) -> Iterable[Token]:
    text = norm.text
    doubled = [match.span() for match in _A_NOT_A.finditer(text)]
    for at in range(len(text)):
        if any(start < at < stop for start, stop in doubled):
            continue
        for word in vocabulary.words_at(text, at):
            end = at + len(word)
            if len(word) > 1 or _stands_alone(text, at):
                yield Token(Kind.MENTION, word, at, end, _preferred(vocabulary.targets(word), asked))
    if vocabulary.storeys:
        for storeys in read_storeys(text):
            said = text[storeys.start : storeys.end]
            targets = () if storeys.count else tuple(Target(fact, None) for fact in vocabulary.storeys)
            yield Token(Kind.MENTION, said, storeys.start, storeys.end, _preferred(targets, asked), storeys)
    for quantity in read_quantities(norm, vocabulary.units):
        said = text[quantity.start : quantity.end]
        yield Token(Kind.QUANTITY, said, quantity.start, quantity.end, quantity=quantity)


def _preferred(targets: tuple[Target, ...], asked: str | None) -> tuple[Target, ...]:
    return tuple(target for target in targets if target.fact == asked) or targets


def _stands_alone(text: str, at: int) -> bool:
    """Whether a word of one character is one: 卖烟, 有烟和酒; not 烟道, 油烟."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    opened = not before or before in _OPENING or any(before == verb for verb in words.VERBS if len(verb) == 1)
    return opened and (not after or after in "的了吧呢啊呀哦嘛哈，。,;和跟与、或及也都就还不没卖酒 ")


def _chosen(ordinals: list[Token], candidates: list[Token]) -> list[Token]:
    """Tokens that do not overlap: ordinals, then the longest first, then as they were proposed."""
    order = {
        id(token): (
            -_weight(token),
            token.storeys is None,
            token.kind is Kind.QUANTITY,
            token.start,
        )
        for token in candidates
    }
    taken: list[Token] = []
    covered = bytearray(max((token.end for token in (*ordinals, *candidates)), default=0))
    ordinals.sort(key=lambda token: token.start - token.end)
    for token in (*ordinals, *sorted(candidates, key=lambda token: order[id(token)])):
        if not any(covered[token.start : token.end]):
            covered[token.start : token.end] = b"\1" * (token.end - token.start)
            taken.append(token)
    return sorted(taken, key=lambda token: token.start)


def _weight(token: Token) -> int:
    """How much of the text a token explains; words before a number (大概) do not count."""
    if token.quantity is not None:
        return token.end - token.quantity.core
    return token.end - token.start


def _with_function_words(text: str, named: list[Token]) -> list[Token]:
    tokens: list[Token] = []
    here = 0
    for token in [*named, Token(Kind.BREAK, "", len(text), len(text))]:
        _scan_gap(text, here, token.start, tokens)
        tokens.append(token)
        here = token.end
    return tokens


def _scan_gap(text: str, start: int, stop: int, tokens: list[Token]) -> None:
    here = start
    while here < stop:
        kind, end = _function_word(text, here, stop)
        previous = tokens[-1] if tokens else None
        if kind is Kind.UNKNOWN and previous and previous.kind is Kind.UNKNOWN and previous.end == here:
            previous.text += text[here:end]
            previous.end = end
        else:
            tokens.append(Token(kind, text[here:end], here, end))
        here = end


def _function_word(text: str, at: int, stop: int) -> tuple[Kind, int]:
    match = _A_NOT_A.match(text, at, stop)
    if match:
        return Kind.A_NOT_A, match.end()
    for word, kind in _LEXICON.get(text[at], ()):
        end = at + len(word)
        if end > stop or not text.startswith(word, at):
            continue
        if kind is not Kind.ONLY or len(word) > 1 or end == stop or _is_verb_at(text, end):
            return kind, end
    return Kind.UNKNOWN, at + 1


def _is_verb_at(text: str, at: int) -> bool:
    """Whether a verb follows, as it must after 只, 光, 单 to mean only."""
    return any(kind is Kind.VERB and text.startswith(word, at) for word, kind in _LEXICON.get(text[at], ()))


def _clauses(tokens: list[Token]) -> list[Clause]:
    clauses = [Clause()]
    for token in tokens:
        current = clauses[-1]
        if token.kind is Kind.BREAK and _holds_exception_open(current, token):
            continue
        if token.kind is Kind.BREAK:
            current.mark = token.text
            clauses.append(Clause())
        elif token.kind is Kind.SOFT_BREAK:
            if current.tokens and not _awaits(current):
                clauses.append(Clause(soft=True))
        elif token.kind is Kind.REPAIR:
            clauses.append(Clause([token], repairs=True))
        elif token.kind is Kind.REST and current.of(Kind.MENTION) and not current.of(Kind.EXCEPT):
            clauses.append(Clause([token]))
        else:
            current.tokens.append(token)
    return [clause for clause in clauses if clause.tokens]


def _holds_exception_open(clause: Clause, token: Token) -> bool:
    """除了凉菜，其他都有: the comma does not end the clause."""
    if token.text not in ("，", ",") or not clause.of(Kind.EXCEPT):
        return False
    return not clause.of(Kind.ALL, Kind.REST, Kind.ALSO)


def _awaits(clause: Clause) -> bool:
    """Whether a space parts a predicate from its object: 没有 烟道."""
    return clause.tokens[-1].kind in (
        Kind.NEGATOR,
        Kind.VERB,
        Kind.EXCEPT,
        Kind.JOINER,
    ) and not clause.of(Kind.MENTION)


def _mood(clause: Clause) -> Mood:
    forms = clause.of(Kind.A_NOT_A)
    if forms:
        return Mood.ASKS_LEAVE if all(token.text in words.PERMISSIONS for token in forms) else Mood.ASKS
    if not _ends_as_question(clause):
        return Mood.SAYS
    return Mood.ASKS_LEAVE if any(token.text in words.MODALS for token in clause.tokens) else Mood.ASKS


def _ends_as_question(clause: Clause) -> bool:
    """Whether what follows the last mention ends with 吗, or with 么, 不, 没 and a question mark."""
    last = max((token.end for token in clause.of(Kind.MENTION)), default=0)
    tail = "".join(token.text for token in clause.tokens if token.start >= last).rstrip("啊呀呢")
    if tail.endswith("么") and not clause.of(Kind.QUESTION):
        return True
    return tail.endswith("吗") or (clause.mark in ("?", "？") and tail.endswith(words.QUESTION_TAILS))
