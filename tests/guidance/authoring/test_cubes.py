"""Minimal rows cover a table exactly, and people can read them."""

import pytest

from guidance.authoring.cubes import cover, say_cell
from guidance.authoring.signoff import markdown, sign_off
from tests.guidance.analysis.drawn import SEEDS, drawn_theme


def rows_of(table, row):
    """The table's rows that a minimal row covers, one by one."""
    covered = 0
    for number in range(table.size):
        inside = all(
            classes >> number // table.dimension(fact).stride % len(table.dimension(fact).classes) & 1
            for fact, classes in row.items()
        )
        covered |= inside << number
    return covered


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_cover_exactly_and_none_is_spare(seed):
    _, _, compiled = drawn_theme(seed, facts=5, items=4)
    for outcome in compiled.outcomes.values():
        table = outcome.table
        if table.size > 2000:
            continue
        for truth in (table.must, table.may & ~table.must):
            covers = [rows_of(table, row) for row in cover(table, truth)]
            union = 0
            for covered in covers:
                union |= covered
            assert union == truth
            for spare in range(len(covers)):
                rest = 0
                for covered in covers[:spare] + covers[spare + 1 :]:
                    rest |= covered
                assert rest != truth


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fact_is_named_only_if_it_must_be(seed):
    _, _, compiled = drawn_theme(seed, facts=5, items=4)
    for outcome in compiled.outcomes.values():
        table = outcome.table
        if table.size > 2000:
            continue
        for row in cover(table, table.must):
            for fact in row:
                wider = {other: classes for other, classes in row.items() if other != fact}
                assert rows_of(table, wider) & ~table.must
            assert all(say_cell(compiled, table.dimension(fact), classes) for fact, classes in row.items())


def test_the_table_reads_as_the_rule(catalogue, city):
    entries = {e.title: e for e in sign_off(city, catalogue.bases.content.bases)}
    safety = next(entry for title, entry in entries.items() if "（safety）" in title)
    assert {tuple(line.cells.items()) for line in safety.lines} == {
        (("people", "超过 100 人"),),
        (("people", "超过 50 人"), ("district", "“西区”")),
    }
    assert safety.basis == ("出版管理条例第一条（已核全文，2026-11-01）",)
    duty = next(entry for title, entry in entries.items() if "（food-safety）" in title)
    assert [line.cells for line in duty.lines] == [{"serves": "有“茶水”或“点心”"}]
    text = markdown(city, iter(entries.values()))
    assert "| 1 |" in text and "签字" in text and "任何情形都需要。" in text
