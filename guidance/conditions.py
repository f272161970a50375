"""Conditions as authors write them: maps and lists, never expressions.

The complete grammar::

    condition := always | {all: [condition, ...]} | {any: [condition, ...]} | {not: condition}
               | {is: term} | {fact: test} | {$param: value} | {$param: {in: [value, ...]}}
    test      := true | false | option                        yes/no, choice, place
               | {in: [option, ...]}                          choice, place
               | {any|all|none: [option, ...]} | {has: option}   multi
               | {lt|le|gt|ge: number or $param}              number
               | {within|beyond: $param}                      number against a cut (threshold) parameter

A map with several keys means that all of them hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JOINERS = ("all", "any", "not", "is")
NUMBER_OPS = ("lt", "le", "gt", "ge", "within", "beyond")
SET_OPS = ("any", "all", "none")


class ConditionError(ValueError):
    """A condition that does not follow the grammar.

    Attributes:
        path: keys and indexes from the condition's root to the fault.
        reason: what is wrong and how to mend it, in Chinese.
    """

    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Always:
    """A condition that holds in every situation."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Is:
    """A named condition of the theme (`terms`) holds."""

    term: str


@dataclass(frozen=True, slots=True)
class Atom:
    """One test on one fact, or on one local parameter when `subject` starts with `$`.

    Attributes:
        subject: fact id, or `$` and a parameter id.
        op: `eq`, `in`, `any`, `all`, `none`, `has`, or a member of `NUMBER_OPS`.
        operand: a scalar for eq/has, a tuple for in/any/all/none, a number or `$param` otherwise.
    """

    subject: str
    op: str
    operand: Any


Condition = Always | AllOf | AnyOf | Not | Is | Atom
ALWAYS = Always()


def parse_condition(raw: object, path: tuple[str | int, ...] = ()) -> Condition:
    """Read a condition from plain data.

    Args:
        raw: what the YAML file holds.
        path: where it stands, for error messages.

    Raises:
        ConditionError: the data does not follow the grammar.
    """
    if raw == "always":
        return ALWAYS
    if not isinstance(raw, Mapping) or not raw:
        raise ConditionError(path, "条件应写成映射，例如 {area: {gt: $fire_area}}；恒成立请写 always")
    parts = tuple(_parse_entry(str(key), value, (*path, str(key))) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _parse_entry(key: str, value: object, path: tuple[str | int, ...]) -> Condition:
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise ConditionError(path, f"{key} 后面应是非空列表，每行一个条件")
        parts = tuple(parse_condition(part, (*path, n)) for n, part in enumerate(value))
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value, path))
    if key == "is":
        if not isinstance(value, str):
            raise ConditionError(path, "is 后面应是 terms 里的名称")
        return Is(value)
    if isinstance(value, Mapping):
        return _parse_test(key, value, path)
    if isinstance(value, (bool, str)):
        return Atom(key, "eq", value)
    raise ConditionError(path, f"{key} 后面应是 true、false、一个选项，或比较，例如 {{lt: 50}}")


def _parse_test(subject: str, raw: Mapping[Any, Any], path: tuple[str | int, ...]) -> Condition:
    if not raw:
        raise ConditionError(path, "比较不能为空")
    atoms = tuple(_parse_atom(subject, str(op), operand, path) for op, operand in raw.items())
    return atoms[0] if len(atoms) == 1 else AllOf(atoms)


def _parse_atom(subject: str, op: str, operand: object, path: tuple[str | int, ...]) -> Atom:
    here = (*path, op)
    if op in ("in", *SET_OPS):
        if not isinstance(operand, list) or not operand:
            raise ConditionError(here, f"{op} 后面应是非空列表，例如 {{{op}: [a, b]}}")
        return Atom(subject, op, tuple(operand))
    if op == "has":
        return Atom(subject, op, operand)
    if op in NUMBER_OPS:
        is_param = isinstance(operand, str) and operand.startswith("$")
        is_number = isinstance(operand, (int, float)) and not isinstance(operand, bool)
        if op in ("within", "beyond") and not is_param:
            raise ConditionError(here, f"{op} 后面应是门槛参数，例如 {{{op}: $fire_area}}")
        if not (is_param or is_number):
            raise ConditionError(here, f"{op} 后面应是数字或 $参数")
        return Atom(subject, op, operand)
    known = "in、any、all、none、has、lt、le、gt、ge、within、beyond"
    raise ConditionError(here, f"不认识的比较 {op}；可用：{known}")


def atoms(condition: Condition) -> Iterator[Atom]:
    """All atoms of a condition, in the order written, terms not entered."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case Atom():
            yield condition
        case _:
            return


def terms_used(condition: Condition) -> Iterator[str]:
    """The names of the terms that a condition refers to directly."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from terms_used(part)
        case Not(part):
            yield from terms_used(part)
        case Is(term):
            yield term
        case _:
            return
