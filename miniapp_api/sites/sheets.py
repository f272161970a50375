"""Reading one file of the catalogue, so that what is wrong can be said with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guidance.documents import CatalogueError, Problem, Schema, did_you_mean, line_of
from miniapp_api.sites import files
from miniapp_api.wording import reason

Form = TypeVar("Form", bound=BaseModel)
KeyPath = tuple[str | int, ...]

_ANY: Schema[Any] = Schema(Any)


@dataclass(frozen=True)
class Sheet(Generic[Form]):
    """A file that follows its form.

    Attributes:
        name: its path within the catalogue.
    """

    name: str
    text: str
    content: Form

    def problem(self, code: str, where: KeyPath, message: str, severity: str = "error") -> Problem:
        """Say that something is wrong at a key path."""
        return Problem(self.name, line_of(self.text, where), code, message, severity)


def read(form: type[Form], root: Path, path: Path) -> Sheet[Form]:
    """Read a file of the catalogue in `root`.

    Raises:
        CatalogueError: it is not there (H001), is not YAML (G001), or does not follow the form (H001).
    """
    name = path.relative_to(root).as_posix()
    try:
        raw = _ANY.read(path).content
    except FileNotFoundError:
        raise CatalogueError([Problem(name, 1, "H001", "缺少这个文件")]) from None
    except CatalogueError as error:
        raise CatalogueError([replace(problem, file=name) for problem in error.problems]) from None
    text = path.read_text("utf-8")
    try:
        return Sheet(name, text, form.model_validate(raw))
    except ValidationError as error:
        raise CatalogueError(
            [Problem(name, line_of(text, entry["loc"]), "H001", _say(entry)) for entry in error.errors()]
        ) from None


def _say(entry: ErrorDetails) -> str:
    steps = [step for step in entry["loc"] if isinstance(step, str) and step != "[key]"]
    hint = did_you_mean(steps[-1], _known_keys()) if entry["type"] == "extra_forbidden" else ""
    return f"{' 里的 '.join(steps[-2:]) or '文件'}：{reason(entry)}{hint}"


def _known_keys() -> Iterator[str]:
    """The keys of every form."""
    for value in vars(files).values():
        if isinstance(value, type) and issubclass(value, BaseModel):
            yield from (field.alias or name for name, field in value.model_fields.items())
