"""Reading one YAML 1.2 document against its schema, with errors that say where and how to mend.

The fast parser (yaml12) reads every file; the slower one that knows lines is asked only when
there is something to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
import yaml12
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
KeyPath = tuple[str | int, ...]
_YAML_11_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a file.

    Attributes:
        file: the file's name.
        line: from 1.
        code: a check of the linter, `G001` and so on.
        message: what is wrong and how to mend it, in Chinese.
        severity: `error` stops the service, `warning` does not.
    """

    file: str
    line: int
    code: str
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.code} {self.message}"


class CatalogueError(Exception):
    """The catalogue is not valid; `problems` lists all that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """A file that follows its schema."""

    path: Path
    content: T

    def line_of(self, *path: str | int) -> int:
        """The line of a key path, or of its nearest ancestor that exists."""
        return line_of(self.path.read_text(encoding="utf-8"), path)


class Schema(Generic[T]):
    """The schema of one kind of file."""

    def __init__(self, type_: Any) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(type_)

    def read(self, path: Path) -> Document[T]:
        """Read and check a file.

        Raises:
            CatalogueError: it is not YAML (G001) or does not follow the schema (G002).
        """
        return Document(path, self.parse(path.name, _decode(path)))

    def parse(self, name: str, text: str) -> T:
        """Read and check a text; `name` is the file's, for messages.

        Raises:
            CatalogueError: as `read`.
        """
        _refuse_tabs(name, text)
        raw = _parse(name, text)
        try:
            return self._adapter.validate_python(raw)
        except ValidationError as error:
            raise CatalogueError(
                [Problem(name, line_of(text, where), "G002", message) for where, message in _explain(error)]
            ) from None


def _decode(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogueError(
            [Problem(path.name, line, "G001", "文件不是 UTF-8 编码；请另存为 UTF-8（无 BOM）")]
        ) from None


def _refuse_tabs(name: str, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise CatalogueError([Problem(name, number, "G001", "缩进里有制表符（Tab）；请改为空格")])


def _parse(name: str, text: str) -> Any:
    try:
        raw = yaml12.parse_yaml(text)
    except ValueError as error:
        raise CatalogueError([_syntax_problem(name, text, str(error))]) from None
    if _may_repeat_keys(text):
        repeated = _repeated_key(yaml.compose(text, Loader=yaml.CSafeLoader))
        if repeated is not None:
            raise CatalogueError([_repeated_problem(name, repeated)])
    return raw


_BLOCK_KEY = re.compile(r"^( *(?:- +)*)([^\s#\"'{\[&*!|>%@,\n-][^:#\n]*):(?: |$)", re.MULTILINE)
_FLOW_MAP = re.compile(r"{[^{}\n]*}")
_FLOW_KEY = re.compile(r"(?:^|[{,])\s*([^\s:,{}\[\]]+):")


def _may_repeat_keys(text: str) -> bool:
    """A quick look for keys written twice in one map; the exact parser has the last word."""
    seen: dict[int, set[str]] = {}
    for match in _BLOCK_KEY.finditer(text):
        indent, key = len(match[1]), match[2]
        for deeper in [level for level in seen if level > indent]:
            del seen[deeper]
        if "-" in match[1]:
            seen[indent] = set()
        if key in seen.setdefault(indent, set()):
            return True
        seen[indent].add(key)
    return not all(_distinct(flow) for flow in _flow_maps(text))


def _flow_maps(text: str) -> Iterator[str]:
    """Maps in braces, the innermost first, each with those inside it taken out."""
    lines = "\n".join(line for line in text.splitlines() if "{" in line)
    while True:
        found: list[str] = _FLOW_MAP.findall(lines)
        if not found:
            return
        yield from found
        lines = _FLOW_MAP.sub("x", lines)


def _distinct(flow: str) -> bool:
    keys: list[str] = _FLOW_KEY.findall(flow)
    return len(keys) == len(set(keys))


def _syntax_problem(name: str, text: str, reason: str) -> Problem:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Problem(
            name, mark.line + 1 if mark else 1, "G001", f"不是有效的 YAML：{error.problem}；请检查引号、冒号和缩进"
        )
    repeated = _repeated_key(node)
    if repeated is not None:
        return _repeated_problem(name, repeated)
    return Problem(name, 1, "G001", f"不是有效的 YAML 1.2：{reason}；请检查引号、缩进和 &、* 记号")


def _repeated_problem(name: str, key: yaml.ScalarNode) -> Problem:
    return Problem(name, key.start_mark.line + 1, "G001", f"键 {key.value} 重复出现；同一层里每个键只能写一次")


def _repeated_key(node: yaml.Node | None, outer: tuple[yaml.Node, ...] = ()) -> yaml.ScalarNode | None:
    """A key written twice in one map; a node that holds itself by an alias is looked at once."""
    if node is None or node in outer:
        return None
    here = (*outer, node)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    return key
                seen.add(key.value)
            found = _repeated_key(value, here)
            if found is not None:
                return found
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found = _repeated_key(value, here)
            if found is not None:
                return found
    return None


def line_of(text: str, path: Iterable[str | int]) -> int:
    """The line, from 1, on which a key path stands in a YAML text.

    Steps that the document does not have are passed over: validation errors name union members
    between keys.
    """
    node, line = _composed(text), 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if entry is None:
                continue
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


@lru_cache(maxsize=4)
def _composed(text: str) -> yaml.Node | None:
    """The tree of a text; whoever tells of one line of a file mostly tells of several."""
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _explain(error: ValidationError) -> Iterable[tuple[KeyPath, str]]:
    for detail in error.errors(include_url=False):
        where: KeyPath = detail["loc"]
        context = detail.get("ctx", {})
        if detail["type"] == "condition":
            yield (*where, *context["path"]), context["reason"]
        else:
            yield where, _message(detail, where)


def _message(detail: Any, where: KeyPath) -> str:
    key = str(where[-1]) if where else "文件"
    kind, found = detail["type"], detail["input"]
    if kind == "unexpected_keyword_argument":
        return f"不认识的键 {key}{did_you_mean(key, _known_keys())}"
    if kind == "string_type" and str(found).lower() in _YAML_11_BOOLEANS | {"true", "false"}:
        return f"{key} 应是文字，现在是 {found!r}；yes/no/true/false 请加引号"
    template = _MESSAGES.get(kind, "{key} 不对：{reason}")
    return template.format(key=key, found=repr(found), reason=detail["msg"], **detail.get("ctx", {}))


_MESSAGES = {
    "missing": "缺少 {key}；请补上",
    "string_type": "{key} 应是文字，现在是 {found}",
    "literal_error": "{key} 只能是 {expected}，现在是 {found}",
    "union_tag_invalid": "type 只能是 {expected_tags}，现在是 {tag}",
    "union_tag_not_found": "{key} 缺少 type（yesno、choice、multi、number、place 之一）",
    "string_pattern_mismatch": "{found} 的写法不对；编号用小写字母开头，只含小写字母、数字、-、_；版本写成 2026.11.1",
    "date_from_datetime_parsing": "{key} 应是日期，例如 2026-11-22，现在是 {found}",
    "date_type": "{key} 应是日期，例如 2026-11-22，现在是 {found}",
    "dict_type": "{key} 应是一组“键: 值”，现在是 {found}",
    "dataclass_type": "{key} 应是一组“键: 值”，现在是 {found}",
    "list_type": "{key} 应是列表，现在是 {found}",
    "float_type": "{key} 应是数字，现在是 {found}",
    "bool_type": "{key} 应是 true 或 false，现在是 {found}",
}


def _known_keys() -> set[str]:
    """The keys of every class of the schema."""
    from guidance import library, theme  # noqa: PLC0415 - only needed to word an error

    names: set[str] = {"from", "as"}
    for module in (theme, library):
        for value in vars(module).values():
            names.update(getattr(value, "__dataclass_fields__", {}))
    return names


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """「；是不是想写 x」 for a word that nearly fits, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"；是不是想写 {close[0]}" if close else ""
