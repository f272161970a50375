"""A notice is read from a clerk's file, or refused with the line and the reason."""

from pathlib import Path

import pytest

from miniapp_api.calendar.packaged import packaged_notices
from miniapp_api.calendar.reading import MAX_BYTES, NoticeError, read_notice
from tests.calendar.conftest import ROWS_2027, csv_of

EXAMPLE = Path(__file__).parents[2] / "catalogue/calendar/2026.csv"


def read(tmp_path, content):
    path = tmp_path / "notice.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_notice(path)


def refused(tmp_path, content):
    with pytest.raises(NoticeError) as error:
        read(tmp_path, content)
    assert str(error.value) == "\n".join(error.value.faults)
    return error.value.faults


def changed(old, *new):
    """The rows with one replaced; it is on line 2 + its place."""
    at = ROWS_2027.index(old)
    return [*ROWS_2027[:at], *new, *ROWS_2027[at + 1 :]]


def test_the_example_says_what_the_library_says():
    notice = read_notice(EXAMPLE)
    assert notice.days == packaged_notices()[2026].days
    assert notice.digest == packaged_notices()[2026].digest
    assert (notice.year, notice.source) == (2026, "国务院办公厅 2025-11-04 公布的 2026 年放假安排")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_may_come_from_a_spreadsheet(tmp_path, notice_2027, encoding, newline):
    rows = [row.replace("-0", "/").replace("-", "/") for row in ROWS_2027]
    rows = [
        row.replace("in_lieu", "调休")
        .replace("makeup", "补班")
        .replace("holiday", "放假")
        .replace("2027/1/31", "2027/01/31")
        for row in rows
    ]
    content = newline.join(["# 测试,,", "date,kind,name", *rows, ",,", ""])
    found = read(tmp_path, content.encode(encoding))
    assert (found.days, found.source) == (notice_2027.days, "测试")


def test_without_a_comment_the_source_is_the_files_name(tmp_path):
    assert read(tmp_path, csv_of(ROWS_2027, first="")).source == "notice.csv"


def test_the_order_of_the_lines_does_not_matter(tmp_path, notice_2027):
    assert read(tmp_path, csv_of(ROWS_2027[::-1])).digest == notice_2027.digest


def test_new_years_days_off_may_begin_in_december(tmp_path):
    notice = read(tmp_path, csv_of([*ROWS_2027, "2026-12-31,in_lieu,元旦", "2026-12-27,makeup,元旦"]))
    assert (notice.year, str(notice.days[0].date)) == (2027, "2026-12-27")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (
            changed("2027-09-26,makeup,国庆节", "2027-09-27,makeup,国庆节"),
            ["第 17 行：2027-09-27（星期一）不是周末，补班只能在星期六或星期日"],
        ),
        (
            [*ROWS_2027, "2027-10-01,holiday,国庆节"],
            ["第 22 行：2027-10-01（星期五）在第 18 行已经写过，一天只能写一次"],
        ),
        (
            [*ROWS_2027, "2026-10-02,holiday,国庆节"],
            ["第 22 行：2026-10-02（星期五）不属于 2027 年的通知；只有元旦放假可以从上一年 12 月开始"],
        ),
        (
            [*ROWS_2027, "2027-12-31,holiday,元旦"],
            ["第 22 行：2027-12-31（星期五）不属于 2027 年的通知；只有元旦放假可以从上一年 12 月开始"],
        ),
        (
            [row for row in ROWS_2027 if "春节" not in row],
            ["全年：没有春节，2027-02-06 应当放假"],
        ),
        (
            changed("2027-06-09,holiday,端午节", "2027-06-08,holiday,端午节"),
            ["全年：没有端午节，2027-06-09 应当放假"],
        ),
        (
            changed("2027-09-15,holiday,中秋节"),
            ["全年：没有中秋节，2027-09-15 应当放假"],
        ),
        (
            changed("2027-02-11,in_lieu,春节", "2027-02-13,in_lieu,春节"),
            ["第 11 行：2027-02-13（星期六）本来就是周末，应当写 holiday；调休（in_lieu）是周一到周五用补班换来的休息"],
        ),
        (
            changed("2027-09-26,makeup,国庆节"),
            ["全年：补班 1 天，调休 2 天，应当一样多：一天补班换一天调休"],
        ),
        (
            changed("2027-04-05,holiday,清明节", "2027-02-30,holiday,清明节"),
            ["第 12 行：“2027-02-30”不是日期，应当写成 2026-10-01 这样"],
        ),
        (
            changed("2027-04-05,holiday,清明节", "2027-04-05,off,清明节"),
            ["第 12 行：kind 写的是“off”，只能是 holiday（放假）、in_lieu（调休）或 makeup（补班）"],
        ),
        (
            changed("2027-04-05,holiday,清明节", "2027-04-05,holiday,"),
            ["第 12 行：name 要写节日名称，如国庆节，不超过 64 个字"],
        ),
        (
            changed("2027-04-05,holiday,清明节", "2027-04-05,holiday"),
            ["第 12 行：应当有三栏：date,kind,name"],
        ),
        ([], ["文件里没有一天，请按通知逐日填写"]),
    ],
)
def test_what_cannot_be_right_is_refused_with_line_and_reason(tmp_path, rows, faults):
    assert refused(tmp_path, csv_of(rows)) == faults


def test_all_faults_are_told_at_once(tmp_path):
    assert len(refused(tmp_path, csv_of(["2027-13-01,holiday,元旦", "x,y,z", "2027-01-01,holiday"]))) == 3
    assert len(refused(tmp_path, csv_of(["2027-01-01,holiday,元旦", "2027-01-04,makeup,元旦"]))) == 8


@pytest.mark.parametrize("content", ["", "\n\n", "# only\n", "日期,种类,名称\n2027-01-01,holiday,元旦\n"])
def test_a_file_without_the_header_is_refused(tmp_path, content):
    (fault,) = refused(tmp_path, content)
    assert fault.endswith("表头应当是 date,kind,name")


def test_what_is_no_text_or_too_long_is_refused(tmp_path):
    assert refused(tmp_path, b"PK\x03\x04\xff\xff\xff") == ["文件不是文本，请另存为 CSV（UTF-8）再导入"]
    assert "文件太大" in refused(tmp_path, b"a" * (MAX_BYTES + 1))[0]
