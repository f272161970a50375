"""Facts get into the text as they are, and what is not as it has to be is named."""

import json
from datetime import UTC, date, datetime

import pytest

from miniapp_api.papers.composing import Content, compose
from miniapp_api.papers.kinds import KINDS
from tests.papers.conftest import DAY
from tests.papers.examples import FACTS, facts_of


def said(content):
    return "\n".join(content.texts())


@pytest.fixture
def attempt(file):
    """Try to write a paper from facts that are changed."""

    def write(kind, facts):
        return compose(file, file.issuers["shiyan"], kind, facts, DAY)

    return write


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_that_is_missing_is_named(attempt, kind):
    for fact in KINDS[kind].needs:
        with pytest.raises(ValueError, match=f"lacks facts: {fact}$"):
            attempt(kind, {name: value for name, value in facts_of(kind).items() if name != fact})


@pytest.mark.parametrize("kind", KINDS)
def test_facts_that_may_be_absent_leave_nothing_behind(attempt, kind):
    words = said(attempt(kind, facts_of(kind, optional=False)))
    assert "None" not in words
    assert "{" not in words
    assert "代理人" not in words


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("applicant", ""),
        ("applicant", "  "),
        ("applicant", 7),
        ("applicant", "字" * 2001),
        ("accepted_on", "2026-11-25"),
        ("accepted_on", datetime(2026, 11, 25, tzinfo=UTC)),
        ("provisional", "是"),
        ("materials", []),
        ("materials", "营业执照"),
        ("materials", [{"form": "原件"}]),
        ("materials", [{"name": "营业执照", "colour": "红"}]),
        ("materials", [{"name": "营业执照"}] * 201),
    ],
)
def test_a_fact_that_is_not_what_it_has_to_be_is_named(attempt, fact, value):
    with pytest.raises(ValueError, match=f"not what they have to be: {fact}$"):
        attempt("acceptance", facts_of("acceptance") | {fact: value})


def test_a_moment_needs_its_time_zone(attempt):
    with pytest.raises(ValueError, match="received_at"):
        attempt("receipt", facts_of("receipt", received_at=datetime(2026, 11, 25, 9)))  # noqa: DTZ001 - on purpose


def test_facts_and_kinds_that_are_unknown_are_named(attempt):
    with pytest.raises(ValueError, match="has no facts: fee, tax"):
        attempt("receipt", facts_of("receipt") | {"tax": "无", "fee": "无"})
    with pytest.raises(ValueError, match="no such kind of paper: recept"):
        attempt("recept", {})


def test_braces_in_a_fact_are_words_like_others(attempt):
    assert "{query_code}商店" in said(attempt("receipt", facts_of("receipt", applicant="{query_code}商店")))


def test_days_and_moments_are_in_chinese_and_in_china(attempt):
    words = said(attempt("receipt", facts_of("receipt", received_at=datetime(2026, 11, 24, 16, 5, tzinfo=UTC))))
    assert "2026年11月25日0时05分" in words


def test_a_last_day_that_nobody_can_tell_yet_says_why(attempt):
    words = said(attempt("receipt", facts_of("receipt", reply_by="待定：2027年的工作日历还没有公布")))
    assert "待定：2027年的工作日历还没有公布" in words


def test_a_column_that_no_row_fills_is_left_out(attempt):
    content = attempt("receipt", facts_of("receipt", materials=[{"name": "营业执照", "copies": 1}, {"name": "合同"}]))
    [table] = [part for part in content.parts if part.kind == "table"]
    assert table.rows == (("序号", "材料名称", "份数"), ("1", "营业执照", "1"), ("2", "合同", ""))


def test_what_was_stored_is_what_was_written(attempt):
    for kind in KINDS:
        content = attempt(kind, facts_of(kind))
        assert Content.from_json(json.loads(json.dumps(content.to_json()))) == content


def test_a_paper_of_another_city_names_its_bureau(file):
    content = compose(file, file.issuers["anshan"], "denial", facts_of("denial"), date(2026, 1, 2))
    assert "鞍山市人民政府" in said(content)
    assert content.issuer == "鞍山市行政审批局"


def test_there_is_an_example_of_every_fact():
    assert {fact for kind in KINDS.values() for fact in (*kind.needs, *kind.may)} == FACTS.keys()
