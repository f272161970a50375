"""`casework.yaml` is checked against the catalogue, each fault with its line."""

import shutil
from pathlib import Path

import pytest

from guidance.documents import CatalogueError
from miniapp_api.cases.__main__ import main
from miniapp_api.cases.checking import check

CATALOGUE = Path(__file__).parents[2] / "catalogue"


@pytest.fixture
def folder(tmp_path):
    """Copy what the check reads."""
    for name in ("bases.yaml", "materials.yaml", "casework.yaml"):
        shutil.copy(CATALOGUE / name, tmp_path / name)
    for name in ("themes", "localities"):
        shutil.copytree(CATALOGUE / name, tmp_path / name)
    return tmp_path


def faults(folder, old, new):
    file = folder / "casework.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = next((number for number, row in enumerate(file.read_text().splitlines(), 1) if new.split("\n")[0] in row), 0)
    with pytest.raises(CatalogueError) as caught:
        check(folder)
    return [(problem.code, problem.line - line, problem.message) for problem in caught.value.problems]


def test_our_own_file_is_in_order(capsys):
    assert main(["check", str(CATALOGUE)]) == 0
    assert "可以发布" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("open-restaurant:tobacco", "open-restaurant:tobaco", "W004", "是不是想写 tobacco"),
        ("open-restaurant:tobacco", "open-bakery:tobacco", "W004", "没有主题 open-bakery"),
        ("food-licence: {inspection: true}", "food-licence: {provisional: [rocket]}", "W005", "用不到材料 rocket"),
        ("tobacco: {inspection: true}", "tobacco: {one_person: true}", "W006", "受审分离"),
        ("  jinan:", "  jinann:", "W001", "是不是想写 jinan"),
        ('anshan: "210300"', 'anshan: "420300"', "W003", "两个城市在用"),
    ],
)
def test_a_name_that_nothing_has_is_told_by_line(folder, old, new, code, said):
    (first, *_) = [fault for fault in faults(folder, old, new) if fault[0] == code and fault[1] == 0]
    assert said in first[2]


def test_a_city_without_a_region_is_warned_about(folder):
    file = folder / "casework.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('  jinan: "370100"\n', ""), encoding="utf-8")
    _, warnings = check(folder)
    assert [(problem.code, problem.severity) for problem in warnings] == [("W002", "warning")]


def test_the_command_tells_what_is_wrong_and_how_it_is_used(folder, capsys):
    (folder / "casework.yaml").write_text("schema: daoban/casework/2\n", encoding="utf-8")
    assert main(["check", str(folder)]) == 1
    assert "casework.yaml:1" in capsys.readouterr().out
    assert main([]) == 2
    assert main(["check", "a", "b"]) == 2
