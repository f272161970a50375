"""Mistakes in `schedules.yaml` are named in Chinese, with the line."""

import re
from pathlib import Path

import pytest

from guidance.documents import CatalogueError
from miniapp_api.appointments import schedules
from tests.appointments import world


def test_the_real_file_is_valid():
    found = schedules.load(Path(__file__).parents[2] / "catalogue")
    assert set(found.schedules) == {"center", "branch", "township", "village"}


@pytest.mark.parametrize(
    ("old", "new", "line_of", "says"),
    [
        ('from: "14:00"', "from: 14", 'afternoon', '应当是带引号的钟点'),
        ('from: "14:00"', 'from: "25:00"', "afternoon", "应当是带引号的钟点"),
        ('from: "14:00", to: "15:00"', 'from: "15:00", to: "14:00"', "afternoon", "from 应当早于 to"),
        ("days: [workday], from", "days: [sunday], from", "id: lunch", "没有这种日子：sunday"),
        ("policy: lunch, places: 1", "policy: lunches, places: 1", "", "用了没有的规则 lunches"),
        ("horizon: {weeks: 2}", "horizon: {weeks: 2, days: 3}", "horizon: {weeks", "三个里写一个"),
        ("horizon: {weeks: 2}", "horizon: {}", "horizon: {}", "三个里写一个"),
        ("cutoff: {minutes: 30}", 'cutoff: {minutes: 30, at: "11:00"}', "cutoff: {minutes", "两个里写一个"),
        ("cutoff: {minutes: 30}", "cutoff: {minutes: 30, workdays: 1}", "cutoff: {minutes", "就不写 workdays"),
        ("ahead_days: 14", "ahead_days: 400", "ahead_days", "120"),
        ("places: 1, needs: 1", "places: 0, needs: 1", "id: lunch", "1"),
        ("limit_points: 3", "limit_points: 2.3", "limit_points", "0.5"),
        ("exempt_age: 60", "exempt_ages: 60", "exempt_ages", "exempt_ages"),
        ("id: afternoon", "id: lunch", "", "同名"),
        ('from: "14:00", to: "15:00"', 'from: "09:30", to: "15:00"', "", "重叠"),
        ("cutoff: {minutes: 30}", "cutoff: {minutes: 30}\n    cooling_minutes: [40, 10]", "normal:", "先写最少"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(tmp_path, old, new, line_of, says):
    assert old in world.SCHEDULES
    text = world.SCHEDULES.replace(old, new, 1)
    with pytest.raises(CatalogueError) as refused:
        schedules.load(world.folder(tmp_path / "city", text))
    problems = refused.value.problems
    assert any(says in problem.message for problem in problems), problems
    assert all(problem.file == "schedules.yaml" and re.search("[一-鿿]", problem.message) for problem in problems)
    lines = text.splitlines()
    assert any(not line_of or line_of in "\n".join(lines[problem.line - 1 : problem.line + 1]) for problem in problems)


def test_rules_may_meet_on_different_days(tmp_path):
    text = world.SCHEDULES.replace("days: [weekend], weekdays: [6]", "days: [weekend]")
    assert schedules.load(world.folder(tmp_path / "city", text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CatalogueError, match="缺少这个文件"):
        schedules.load(tmp_path)
