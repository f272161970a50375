"""All situations of a theme, in one city or several, as one decision diagram.

Each fact is coded in binary variables such that every assignment of the variables stands for one
class of situations, and every class for at least one assignment. So no situation has to be ruled
out, and two conditions are equal in every situation exactly if they are the same node.

The classes are those of the truth tables (`guidance.tables`), made by all conditions together.
Unset parameters of a city are free variables, the last in the order; gates are already folded in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dd.bdd import BDD

from guidance.analysis.coding import ClassCode, Code, MultiCode, Node
from guidance.compiler import CompiledTheme
from guidance.logic import Both, Either, Formula, Literal, Neg
from guidance.tables import literals
from guidance.theme import MultiFact, NumberFact, PlaceFact
from guidance.values import Test

EVERY: Final = 1
NO: Final = -1
NEVER: Final = 1e-12
"""The weight of what no prior makes possible: a witness uses it only if there is no other."""


class _Diagram(BDD):
    """A manager of nodes; nodes of different managers never meet."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Truth:
    """When an outcome is called for in one city: whatever unset parameters are, and for some value."""

    must: Node
    may: Node


@dataclass(slots=True)
class _Best:
    """The likeliest assignment found below a node."""

    weight: float
    picks: dict[str, Any] = field(default_factory=dict)


class Space:
    """The situations of one theme, or of two versions of it, in some cities.

    A set of situations is a node, a number: `EVERY` and `NO` are all and none, `-node` is all others.

    Args:
        cities: the theme compiled for each city; several versions of a theme may stand side by
            side as long as a fact has the same type in all.
        further: formulas that will be asked about, beyond those of the outcomes, with their cities.
    """

    def __init__(self, cities: Sequence[CompiledTheme], further: Iterable[tuple[Formula, str]] = ()) -> None:
        self.cities = list(cities)
        self.bdd = _Diagram()
        self._codes: dict[str, Code] = {}
        self._memo: dict[tuple[Formula, str | None], Node] = {}
        self._local: dict[Formula, bool] = {}
        tests = self._all_tests(further)
        for name in self._ordered(tests):
            self._declare(name, tuple(tests.get(name, ())))
        self._fact_of = {variable: name for name, code in self._codes.items() for variable in code.variables}
        self._hidden = [v for name, code in self._codes.items() if "$" in name for v in code.variables]

    def node(self, formula: Formula, city: str) -> Node:
        """The situations of a formula; unset parameters stay free."""
        key = (formula, city if self._is_local(formula) else None)
        if key not in self._memo:
            self._memo[key] = self._build(formula, city)
        return self._memo[key]

    def truth(self, formula: Formula, city: str) -> Truth:
        """When a formula holds in a city, with its unset parameters folded away."""
        node = self.node(formula, city)
        if self.bdd.support(node).isdisjoint(self._hidden):
            return Truth(node, node)
        return Truth(self.bdd.forall(self._hidden, node), self.bdd.exist(self._hidden, node))

    def any_of(self, nodes: Iterable[Node]) -> Node:
        """The situations in at least one of the sets."""
        union: Node = NO
        for node in nodes:
            union = self.bdd.apply("or", union, node)
            if union == EVERY:
                break
        return union

    def all_of(self, nodes: Iterable[Node]) -> Node:
        """The situations in all the sets."""
        return -self.any_of(-node for node in nodes)

    def differ(self, one: Node, other: Node) -> Node:
        """The situations in exactly one of two sets."""
        found: Node = self.bdd.apply("xor", one, other)
        return found

    def witness(self, node: Node) -> dict[str, Any]:
        """The likeliest situation of a set, as values of the facts that matter to it.

        Raises:
            ValueError: the set is empty.
        """
        if node == NO:
            raise ValueError("no situation")
        picks = self._best(node, {}).picks
        return {
            name.partition("@")[0]: self._codes[name].decode(pick) for name, pick in picks.items() if "$" not in name
        }

    def contains(self, node: Node, city: str, situation: Mapping[str, Any]) -> bool:
        """Whether a whole situation of a city is in a set.

        Args:
            node: the set; unset parameters folded away.
            city: the city's id.
            situation: a value for every fact of the set.
        """
        assignment: dict[str, bool] = {}
        for fact, value in situation.items():
            code = self._codes.get(self._name(fact, city))
            if code is not None:
                assignment |= code.encode(value)
        return bool(self.bdd.let(assignment, node) == EVERY)

    def share(self, node: Node) -> float:
        """The share of citizens in a set of situations, by the priors of the facts."""
        return self._share(node, {})

    def _all_tests(self, further: Iterable[tuple[Formula, str]]) -> dict[str, dict[Test, None]]:
        tests: dict[str, dict[Test, None]] = {}
        formulas = [(o.formula, c.locality.id) for c in self.cities for o in c.outcomes.values()]
        formulas += further
        seen: set[tuple[int, str]] = set()
        for formula, city in formulas:
            if (id(formula), city) not in seen:
                seen.add((id(formula), city))
                for literal in literals(formula):
                    tests.setdefault(self._name(literal.fact, city), {})[literal.test] = None
        return tests

    def _ordered(self, tests: Mapping[str, Any]) -> list[str]:
        """Facts in the author's order, then unset parameters."""
        facts = dict.fromkeys(fact for city in self.cities for fact in city.theme.facts)
        names = [name for fact in facts for name in tests if name.partition("@")[0] == fact]
        return names + [name for name in tests if "$" in name]

    def _spec(self, fact: str) -> Any:
        return next((c.theme.facts[fact] for c in self.cities if fact in c.theme.facts), None)

    def _name(self, fact: str, city: str) -> str:
        """A place has other districts in each city, an unset parameter may be set in another."""
        return f"{fact}@{city}" if fact.startswith("$") or isinstance(self._spec(fact), PlaceFact) else fact

    def _declare(self, name: str, tests: tuple[Test, ...]) -> None:
        fact = name.partition("@")[0]
        specs = [c.theme.facts[fact] for c in self.cities if fact in c.theme.facts]
        city = next((c for c in self.cities if name.endswith(f"@{c.locality.id}")), self.cities[0])
        code: Code
        if fact.startswith("$"):
            code = ClassCode.of_parameter(name, city)
        elif isinstance(specs[0], MultiFact):
            code = MultiCode(name, [spec for spec in specs if isinstance(spec, MultiFact)])
        elif isinstance(specs[0], NumberFact):
            code = ClassCode.of_number(name, [spec for spec in specs if isinstance(spec, NumberFact)], tests)
        else:
            code = ClassCode.of_options(name, specs, city.locality.districts)
        self._codes[name] = code
        self.bdd.declare(*code.variables)

    def _is_local(self, formula: Formula) -> bool:
        if formula not in self._local:
            match formula:
                case Both(parts) | Either(parts):
                    self._local[formula] = any(self._is_local(part) for part in parts)
                case Neg(part):
                    self._local[formula] = self._is_local(part)
                case Literal(fact):
                    self._local[formula] = "@" in self._name(fact, "")
        return self._local[formula]

    def _build(self, formula: Formula, city: str) -> Node:
        match formula:
            case Both(parts):
                return self.all_of(self.node(part, city) for part in parts)
            case Either(parts):
                return self.any_of(self.node(part, city) for part in parts)
            case Neg(part):
                return -self.node(part, city)
            case Literal(fact, test, negated):
                node = self._codes[self._name(fact, city)].node(self.bdd, test)
                return -node if negated else node

    def _below(self, node: Node, code: Code) -> Iterable[tuple[float, Any, Node]]:
        """The ways on from a node over one fact: weight, what was picked, and where it leads."""
        for weight, assignment, pick in code.branches(self._variable(node)):
            below = node
            for variable, value in assignment.items():
                if abs(below) != EVERY and self._variable(below) == variable:
                    below = self._child(below, value=value)
            yield weight, pick, below

    def _share(self, node: Node, memo: dict[int, float]) -> float:
        if abs(node) == EVERY:
            return float(node == EVERY)
        if node not in memo:
            code = self._codes[self._fact_of[self._variable(node)]]
            memo[node] = sum(weight * self._share(below, memo) for weight, _, below in self._below(node, code))
        return memo[node]

    def _best(self, node: Node, memo: dict[int, _Best]) -> _Best:
        if abs(node) == EVERY:
            return _Best(float(node == EVERY))
        if node not in memo:
            name = self._fact_of[self._variable(node)]
            code = self._codes[name]
            best = _Best(0.0)
            for weight, pick, below in self._below(node, code):
                rest = self._best(below, memo)
                found = max(weight, NEVER) * rest.weight
                if found > best.weight:
                    best = _Best(found, {**rest.picks, name: code.merge(pick, rest.picks.get(name))})
            memo[node] = best
        return memo[node]

    def _variable(self, node: Node) -> str:
        """The variable that a node looks at."""
        level, _, _ = self.bdd.succ(node)
        name: str = self.bdd.var_at_level(level)
        return name

    def _child(self, node: Node, *, value: bool) -> Node:
        """The node that is reached from a node if its variable has a value."""
        _, low, high = self.bdd.succ(node)
        child = high if value else low
        assert child is not None  # noqa: S101 - only terminals have no children
        return -child if node < 0 else child
