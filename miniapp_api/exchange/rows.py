"""What another system tells about one step of one case, in JSON or as a line of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from miniapp_api.calendar.service import CHINA
from miniapp_api.cases.service import Fact, read_fact
from miniapp_api.wording import reason

STEPS = (
    "received",
    "correction_requested",
    "corrected",
    "accepted",
    "taken_up",
    "not_required",
    "not_ours",
    "granted",
    "denied",
    "delivered",
    "concluded",
    "withdrawn",
)
"""What other systems may tell; how their clocks run is theirs."""

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 20_000
COLUMNS = {
    "编号": "number",
    "事项": "item",
    "网点": "site",
    "手机尾号": "mobile_tail",
    "步骤": "step",
    "时间": "at",
    "材料": "items",
    "期限": "until",
    "有效期": "valid_until",
    "理由": "reason",
    "依据": "basis",
    "应到": "go_to",
    "方式": "way",
}
STEP_NAMES = {
    "收件": "received",
    "补正": "correction_requested",
    "已补正": "corrected",
    "受理": "accepted",
    "审查": "taken_up",
    "不受理": "not_required",
    "不予受理": "not_ours",
    "准予": "granted",
    "不予许可": "denied",
    "送达": "delivered",
    "办结": "concluded",
    "撤回": "withdrawn",
}
_WAYS = {"窗口": "counter", "邮寄": "post", "电子": "electronic"}
_CELLS = ("items", "until", "valid_until", "reason", "basis", "go_to", "way")

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


def _moment(given: object) -> object:
    """Read `2026-11-26 10:00` as a time in China; one with a zone is what it says."""
    if isinstance(given, str):
        try:
            moment = datetime.fromisoformat(given.strip().replace("/", "-"))
        except ValueError:
            raise ValueError("时间写成 2026-11-26 10:00") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return given


class ProgressRow(BaseModel):
    """One step of one case.

    Attributes:
        number: of the case, in the other system.
        site: code of the site here.
        detail: what the kind of step needs besides: `cases.events`.
    """

    model_config = ConfigDict(extra="forbid")

    number: Word
    item: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    site: Word
    mobile_tail: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")] | None = None
    step: Literal[STEPS]  # type: ignore[valid-type]
    at: Annotated[AwareDatetime, BeforeValidator(_moment)]
    detail: dict[str, Any] = Field(default_factory=dict, max_length=8)

    def fact(self) -> Fact:
        """Give the step as a fact.

        Raises:
            ValidationError: its details are not what the step needs.
        """
        return read_fact({"kind": self.step, **self.detail})


@dataclass(frozen=True, slots=True)
class Line:
    """A row, or what is wrong with it.

    Attributes:
        line: of the file, or place in the list, from 1.
    """

    line: int
    row: ProgressRow | None
    fault: str | None = None


def read_rows(given: list[Any]) -> list[Line]:
    """Read rows of JSON; each for itself, so that one that is broken hides no other."""
    return [_line(place, raw) for place, raw in enumerate(given, 1)]


def read_csv(raw: bytes) -> list[Line]:
    """Read a CSV file with Chinese headings (`COLUMNS`), in UTF-8 or GB 18030 as Excel writes it.

    Raises:
        ValueError: a Chinese sentence: it is no such file, or too large.
    """
    if len(raw) > MOST_BYTES:
        raise ValueError(f"文件太大，最多 {MOST_BYTES // 1024 // 1024} MB，请分几次导入。")
    reader = csv.DictReader(io.StringIO(_decoded(raw), newline=""), strict=True)
    try:
        return list(_read_lines(reader))
    except csv.Error as broken:
        raise ValueError(f"第 {reader.line_num} 行读不了：引号没有成对，或者有不该有的字符（{broken}）。") from None


def _read_lines(reader: csv.DictReader[str]) -> Iterator[Line]:
    unknown = [name for name in reader.fieldnames or [] if name.strip() not in COLUMNS]
    if unknown or not reader.fieldnames:
        known = "、".join(COLUMNS)
        raise ValueError(f"第一行要写列名，只能用：{known}。不认识：{'、'.join(unknown) or '（没有列名）'}。")
    for count, cells in enumerate(reader, 1):
        if count > MOST_ROWS:
            raise ValueError(f"行数太多，最多 {MOST_ROWS} 行，请分几次导入。")
        if None in cells or None in cells.values():
            yield Line(reader.line_num, None, "这一行的格数和第一行不一样")
        elif any(cell.strip() for cell in cells.values()):
            yield _line(reader.line_num, _from_cells(cells))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("文件的文字编码不对，请用 Excel 另存为“CSV UTF-8”再导入。")


def _from_cells(cells: dict[str, str]) -> dict[str, Any]:
    told = {COLUMNS[name.strip()]: cell.strip() for name, cell in cells.items() if cell.strip()}
    detail: dict[str, Any] = {name: told.pop(name) for name in _CELLS if name in told}
    if "items" in detail:
        detail["items"] = [name for name in detail["items"].replace(";", "；").split("；") if name.strip()]
    if "way" in detail:
        detail["way"] = _WAYS.get(detail["way"], detail["way"])
    step = STEP_NAMES.get(told.get("step", ""), told.get("step", ""))
    if step == "received" and "items" in detail:
        detail["materials"] = detail.pop("items")
    return {**told, "step": step, "detail": detail}


def _line(place: int, raw: Any) -> Line:
    try:
        row = ProgressRow.model_validate(raw)
        row.fact()
    except ValidationError as broken:
        return Line(place, None, "；".join(_clause(error) for error in broken.errors()[:5]))
    return Line(place, row)


def _clause(error: Any) -> str:
    names = {english: chinese for chinese, english in COLUMNS.items()}
    where = next((names[str(part)] for part in reversed(error["loc"]) if str(part) in names), "")
    return f"{where}：{reason(error)}" if where else reason(error)
