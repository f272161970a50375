"""Small random themes, and every situation of them."""

from itertools import product
from random import Random

from benchmarks.random_themes import RandomTheme
from guidance.compiler import compile_theme
from guidance.direct import DirectEvaluation, oracles
from guidance.values import Touches, Under, representatives

SEEDS = range(40)


def drawn_theme(seed, facts=4, items=3):
    """A random theme in a random city, and the source of chance for more."""
    random = Random(seed)
    drawn = RandomTheme(random, facts=facts, items=items)
    return random, drawn, compile_theme(drawn.theme(), drawn.locality())


def every_situation(compiled, further=()):
    """One situation for each combination of classes that any outcome or further number can tell apart."""
    values = {}
    for fact, spec in compiled.theme.facts.items():
        cuts = [Under(cut, closed) for cut in (50, 300, 301, *further) for closed in (False, True)]
        tests = cuts if spec.type == "number" else [Touches(frozenset({o})) for o in getattr(spec, "options", ())]
        values[fact] = list(representatives(spec, tests, compiled.locality.districts))
    for combination in product(*values.values()):
        yield dict(zip(values, combination, strict=True))


def direct_verdicts(compiled, situation):
    """What direct evaluation calls for, under each way the unset parameters could turn out."""
    theme, city = compiled.theme, compiled.locality
    return [DirectEvaluation(theme, city, situation, oracle).outcomes() for oracle in oracles(theme, city)]
