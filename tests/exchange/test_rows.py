"""Rows of another system, in JSON and CSV: each is read for itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.exchange.rows import COLUMNS, read_csv, read_rows

HEAD = "编号,事项,网点,手机尾号,步骤,时间,材料,理由,依据\n"
GOOD = "A-1,食品经营许可,center,0001,收件,2026-11-20 09:00,申请书；平面图,,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_whatever_way_excel_wrote_it(encoding):
    (line,) = read_csv((HEAD + GOOD).encode(encoding))
    assert (line.line, line.row.step, line.row.mobile_tail) == (2, "received", "0001")
    assert line.row.fact().materials == ("申请书", "平面图")


def test_a_step_takes_only_its_own_details():
    (line,) = read_csv((HEAD + "A-1,许可,center,,不予许可,2026-11-20 09:00,,不合条件,第十条\n").encode())
    assert line.row.fact().reason == "不合条件"
    (line,) = read_csv((HEAD + "A-1,许可,center,,不予许可,2026-11-20 09:00,,不合条件,\n").encode())
    assert line.row is None
    assert line.fault


def test_every_broken_row_is_told_by_its_line_and_hides_no_other():
    rows = [
        "A-1,许可,center,,办好了,2026-11-20 09:00,,,\n",
        "A-2,许可,center,12,收件,2026-11-20 09:00,,,\n",
        "A-3,许可,center,,收件,昨天,,,\n",
        "A-4,许可,center,,收件\n",
        "A-5,许可,center,,受理,2026-11-20 09:00,,,\n",
    ]
    lines = read_csv((HEAD + "".join(rows)).encode())
    assert [line.line for line in lines if line.row is None] == [2, 3, 4, 5]
    assert all(line.fault for line in lines[:4])
    assert lines[4].row


@pytest.mark.parametrize("text", ["", "编号,状态\n1,2\n", HEAD + 'A-1,"许可\n', "\x00"])
def test_what_is_no_such_file_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"。$"):
        read_csv(text.encode())


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw):
    try:
        read_csv(raw)
    except ValueError as refused:
        assert str(refused).endswith("。")


@given(
    st.lists(
        st.recursive(
            st.none() | st.text(max_size=5) | st.integers(),
            lambda inner: st.dictionaries(st.sampled_from([*COLUMNS.values(), "detail"]), inner, max_size=5),
        ),
        max_size=5,
    )
)
def test_no_json_breaks_the_reader(rows):
    assert len(read_rows(rows)) == len(rows)
