"""Papers that are longer, rarer or worth less than others."""

from datetime import UTC, datetime

import pytest

from miniapp_api.papers.fonts import open_fonts
from miniapp_api.papers.rendering import Job, draw
from miniapp_api.papers.seals import Mark
from tests.papers import reading
from tests.papers.conftest import LINK
from tests.papers.test_fonts import rare

__all__ = ["rare"]

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def printed(written, seal):
    """Draw a paper and read it."""

    def print_(kind, *, mark=None, void=False, fonts=None, **facts):
        job = Job(written(kind, **facts), LINK, mark or seal.mark(), NOW, void=void)
        return draw(job, fonts or open_fonts(None))

    return print_


def test_a_long_list_goes_on_over_the_pages_and_loses_nothing(printed):
    materials = [{"name": f"材料{place:02}" + "很长的名称" * 9, "copies": place} for place in range(1, 41)]
    pdf = printed("acceptance", materials=materials)
    seen = reading.text(pdf)
    assert len(reading.pages(pdf)) > 3
    assert all(f"材料{place:02}" in seen for place in range(1, 41))
    assert reading.codes(pdf) == [LINK]


def test_a_word_longer_than_a_line_is_broken_not_cut(printed):
    assert "w" * 200 in reading.text(printed("denial", reasons="w" * 200))


def test_a_character_of_the_installations_own_font_is_printed(printed, rare):
    assert "鿰" in reading.text(printed("denial", fonts=open_fonts(rare), applicant="张鿰"))


def test_rare_names_are_printed(printed):
    assert "张㛃𬭚𫖯：" in reading.text(printed("denial", applicant="张㛃𬭚𫖯"))


def test_one_that_is_void_before_it_is_drawn_says_so(printed):
    assert "已作废，不能再用" in reading.text(printed("denial", void=True))


def test_one_with_a_seal_says_nothing_of_samples(printed):
    seen = reading.text(printed("denial", mark=Mark(("电子签名", "十堰市行政审批局"))))
    assert "样章" not in seen
    assert "电子签名十堰市行政审批局" in seen
