"""A notice for 2027, made up: nobody knew the real one when this was written."""

import pytest

from miniapp_api.calendar.reading import read_notice

ROWS_2027 = [
    "2027-01-01,holiday,元旦",
    "2027-01-31,makeup,春节",
    "2027-02-05,holiday,春节",
    "2027-02-06,holiday,春节",
    "2027-02-07,holiday,春节",
    "2027-02-08,holiday,春节",
    "2027-02-09,holiday,春节",
    "2027-02-10,holiday,春节",
    "2027-02-11,in_lieu,春节",
    "2027-04-05,holiday,清明节",
    "2027-05-01,holiday,劳动节",
    "2027-05-03,holiday,劳动节",
    "2027-06-09,holiday,端午节",
    "2027-09-15,holiday,中秋节",
    "2027-09-26,makeup,国庆节",
    "2027-10-01,holiday,国庆节",
    "2027-10-04,holiday,国庆节",
    "2027-10-05,holiday,国庆节",
    "2027-10-06,in_lieu,国庆节",
]


def csv_of(rows, *, first="# 2027 年放假通知（测试用，编的）"):
    return "\n".join([first, "date,kind,name", *rows]) + "\n"


@pytest.fixture
def file_2027(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text(csv_of(ROWS_2027), encoding="utf-8")
    return path


@pytest.fixture
def notice_2027(file_2027):
    return read_notice(file_2027)
