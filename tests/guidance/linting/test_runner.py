"""What is checked when, where, and as of which day."""

import shutil
from datetime import date, timedelta

import pytest

from guidance.linting import errors, lint
from guidance.linting.registry import CHECKS, Stage
from guidance.loading import load_catalogue
from tests.guidance.linting.conftest import BAD, GOOD, TODAY


@pytest.fixture
def edited(tmp_path):
    """The good catalogue with some texts replaced, by file."""

    def build(**changes):
        root = tmp_path / "catalogue"
        shutil.copytree(GOOD, root)
        for name, (old, new) in changes.items():
            path = next(path for path in root.rglob("*.yaml") if path.stem.replace("-", "_") == name)
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
        return root

    return build


def codes(problems):
    return {problem.code for problem in problems}


def test_content_grows_old(edited):
    catalogue = load_catalogue(edited())
    assert lint(catalogue, today=TODAY) == []
    later = lint(catalogue, today=TODAY + timedelta(days=500))
    assert codes(later) == {"G502"} and not errors(later)


def test_costly_checks_run_only_when_asked(edited):
    catalogue = load_catalogue(edited(tiny=("area: 10}", "area: 2}")))
    assert "G702" not in codes(lint(catalogue, today=TODAY))
    assert "G702" in codes(lint(catalogue, today=TODAY, thorough=True))


def test_what_a_theme_means_is_left_out_while_its_names_are_wrong(edited):
    catalogue = load_catalogue(edited(tiny=("when: {kind: new}", "when: {kinds: new}")))
    assert codes(lint(catalogue, today=TODAY, thorough=True)) == {"G101"}


def test_one_bad_theme_does_not_hide_another(edited):
    catalogue = load_catalogue(
        edited(tiny=("when: {kind: new}", "when: {kinds: new}"), all_types=("people: 101", "people: 99"))
    )
    found = {(problem.file, problem.code) for problem in lint(catalogue, today=TODAY)}
    assert found == {("tiny.yaml", "G101"), ("all-types.yaml", "G701")}


def second_city(root, **changes):
    text = (root / "localities" / "pingan.yaml").read_text(encoding="utf-8")
    text = text.replace("id: pingan", "id: anle").replace("name: 平安市\n", "name: 安乐市\n")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (root / "localities" / "anle.yaml").write_text(text, encoding="utf-8")


def test_a_finding_in_one_city_only_names_it(edited):
    root = edited(tiny=("nothing_needed: 卖旧书的小书摊不用办手续。\n", ""))
    text = (root / "themes" / "tiny.yaml").read_text(encoding="utf-8")
    text = text[: text.index("\nexamples:")].replace("when: {kind: new}", "when: {area: {within: $big}}")
    (root / "themes" / "tiny.yaml").write_text(text + "\n", encoding="utf-8")
    second_city(root, big=("    value: {up_to: 10}\n", "    value: {below: 10}\n"))
    catalogue = load_catalogue(root)
    assert not [p for p in lint(catalogue, today=TODAY) if p.code == "G401"], "within and beyond leave no gap"
    text = text.replace("{beyond: $big}", "{gt: 10}")
    (root / "themes" / "tiny.yaml").write_text(text + "\n", encoding="utf-8")
    (found,) = [p for p in lint(load_catalogue(root), today=TODAY) if p.code == "G401"]
    assert "在安乐市" in found.message and "平安市" not in found.message and "摊位面积：10 平方米" in found.message


def test_only_the_cities_asked_for_are_looked_at(edited):
    root = edited()
    second_city(root, big=("    value: {up_to: 10}\n", "    value: 10\n"))
    catalogue = load_catalogue(root)
    assert codes(errors(lint(catalogue, today=TODAY))) == {"G201"}
    assert lint(catalogue, today=TODAY, localities=["pingan"]) == []


def test_an_outcome_that_one_city_does_not_use_is_nothing_to_report(edited):
    root = edited()
    second_city(root, mode=("    value: filing\n", "    value: free\n"))
    found = lint(load_catalogue(root), today=TODAY)
    assert codes(found) == {"G701"}, "examples without a city must hold in both"
    assert all("安乐市" in problem.message for problem in found)


def test_problems_come_by_file_and_line(edited):
    root = edited(
        tiny=("ask: 摊位大约多少平方米？", "ask: 摊位多大"), all_types=("ask: 在哪个区办？", "ask: 在哪个区办")
    )
    found = lint(load_catalogue(root), today=TODAY)
    assert [problem.file for problem in found] == ["all-types.yaml", "tiny.yaml"]
    assert found == sorted(found)


def test_today_is_today_unless_told(edited):
    root = edited(tiny=("review_by: 2027-01-01", f"review_by: {date.today() + timedelta(days=400)}"))  # noqa: DTZ011
    assert "tiny.yaml" not in {problem.file for problem in lint(load_catalogue(root)) if problem.code == "G502"}


def test_every_stage_has_checks_and_every_family_too():
    assert {check.stage for check in CHECKS} == set(Stage)
    assert {check.code[:2] for check in CHECKS} == {f"G{family}" for family in range(8)}
    assert (BAD / "good").is_dir()
