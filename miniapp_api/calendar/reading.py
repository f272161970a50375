"""Reads a yearly notice from a CSV file that a clerk keeps, and refuses one that cannot be right.

See docs/operating/calendar.md for the file, catalogue/calendar/2026.csv for an example.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from miniapp_api.calendar.festivals import festivals
from miniapp_api.calendar.notices import DayKind, Notice, SpecialDay

MAX_BYTES = 64 * 1024
HEADER = ["date", "kind", "name"]
KINDS = {
    "holiday": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "in_lieu": DayKind.IN_LIEU,
    "调休": DayKind.IN_LIEU,
    "makeup": DayKind.MAKEUP,
    "补班": DayKind.MAKEUP,
}
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d")
"""The second is what spreadsheet programs make of the first."""

WEEKDAYS = "一二三四五六日"
_MAX_SOURCE, _MAX_NAME = 200, 64

Row = tuple[int, SpecialDay]
"""A line's number, from 1, and the day on it."""


class NoticeError(ValueError):
    """The file is no notice that could be used.

    Attributes:
        faults: Chinese sentences, each with the line it is about where it is about one.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_notice(path: Path) -> Notice:
    """Read a notice.

    Raises:
        NoticeError: with every fault that was found.
        OSError: the file cannot be read.
    """
    lines = _text(path).splitlines()
    comments = [line.lstrip("# ").rstrip(", ") for line in lines if line.startswith("#")]
    rows, faults = _rows(lines)
    if faults:
        raise NoticeError(faults)
    year = Counter(day.year for _, day in rows).most_common(1)[0][0]
    if faults := [*_wrong_rows(rows, year), *_wrong_year([day for _, day in rows], year)]:
        raise NoticeError(faults)
    source = next(filter(None, comments), path.name)
    return Notice(year, source[:_MAX_SOURCE], tuple(sorted((day for _, day in rows), key=lambda day: day.date)))


def _text(path: Path) -> str:
    """The text of the file, which spreadsheet programs save as UTF-8 with a mark or as GBK."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NoticeError(["文件太大，一年的放假安排不会超过 64 KiB，请检查是不是选错了文件"])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoticeError(["文件不是文本，请另存为 CSV（UTF-8）再导入"])


def _rows(lines: list[str]) -> tuple[list[Row], list[str]]:
    """The days line by line, and what is wrong with how they are written."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip(", ") and line[0] != "#"]
    cells = [(number, [cell.strip() for cell in next(csv.reader([line]))]) for number, line in numbered]
    if not cells or cells[0][1] != HEADER:
        number = cells[0][0] if cells else 1
        return [], [f"第 {number} 行：表头应当是 date,kind,name"]
    if len(cells) == 1:
        return [], ["文件里没有一天，请按通知逐日填写"]
    rows, faults = [], []
    for number, row in cells[1:]:
        try:
            rows.append((number, _day(row)))
        except ValueError as fault:
            faults.append(f"第 {number} 行：{fault}")
    return rows, faults


def _day(row: list[str]) -> SpecialDay:
    """One day; ValueError says in Chinese what is wrong."""
    if len(row) != len(HEADER):
        raise ValueError("应当有三栏：date,kind,name")
    day, kind, name = row
    if kind not in KINDS:
        raise ValueError(f"kind 写的是“{kind}”，只能是 holiday（放假）、in_lieu（调休）或 makeup（补班）")
    if not 0 < len(name) <= _MAX_NAME:
        raise ValueError(f"name 要写节日名称，如国庆节，不超过 {_MAX_NAME} 个字")
    return SpecialDay(_date(day), KINDS[kind], name)


def _date(text: str) -> date:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(f"“{text}”不是日期，应当写成 2026-10-01 这样")


def _wrong_rows(rows: list[Row], year: int) -> list[str]:
    """What cannot be right about single days."""
    faults, first_at = [], {}
    for number, day in rows:
        said = f"第 {number} 行：{day.date}（星期{WEEKDAYS[day.date.weekday()]}）"
        at_weekend = day.date.weekday() >= 5
        if day.year != year:
            faults.append(f"{said}不属于 {year} 年的通知；只有元旦放假可以从上一年 12 月开始")
        if day.date in first_at:
            faults.append(f"{said}在第 {first_at[day.date]} 行已经写过，一天只能写一次")
        first_at.setdefault(day.date, number)
        if day.kind is DayKind.MAKEUP and not at_weekend:
            faults.append(f"{said}不是周末，补班只能在星期六或星期日")
        if day.kind is DayKind.IN_LIEU and at_weekend:
            faults.append(f"{said}本来就是周末，应当写 holiday；调休（in_lieu）是周一到周五用补班换来的休息")
    return faults


def _wrong_year(days: list[SpecialDay], year: int) -> list[str]:
    """What cannot be right about the year as a whole."""
    off = {day.date for day in days if day.kind is not DayKind.MAKEUP}
    faults = [f"全年：没有{name}，{day} 应当放假" for name, day in festivals(year).items() if day not in off]
    kinds = Counter(day.kind for day in days)
    if kinds[DayKind.MAKEUP] != kinds[DayKind.IN_LIEU]:
        faults.append(
            f"全年：补班 {kinds[DayKind.MAKEUP]} 天，调休 {kinds[DayKind.IN_LIEU]} 天，应当一样多：一天补班换一天调休"
        )
    return faults
