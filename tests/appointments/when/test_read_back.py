"""What is said back, and what is asked back, word for word."""

from datetime import UTC, date, datetime, timedelta

import pytest

from miniapp_api.appointments.when import Span, read
from tests.appointments.when.calendar import CALENDAR, MOMENTS

WEDNESDAY = MOMENTS["an ordinary Wednesday"]
SUNDAY = MOMENTS["a Sunday evening"]
EVE = MOMENTS["the eve of National Day"]
MONDAY = MOMENTS["the last Monday of the year"]


@pytest.mark.parametrize(
    ("now", "text", "said"),
    [
        (WEDNESDAY, "这周六上午", "11月28日（周六）上午"),
        (WEDNESDAY, "后天下午三点半", "11月27日（周五）下午3点半"),
        (WEDNESDAY, "明天九点零五", "11月26日（周四）上午9点05分"),
        (WEDNESDAY, "下周一到周三", "11月30日（周一）到12月2日（周三）"),
        (WEDNESDAY, "周六或周日上午", "11月28日（周六）或11月29日（周日）上午"),
        (WEDNESDAY, "下午两点到四点", "14:00到16:00"),
        (WEDNESDAY, "三点左右", "下午3点左右"),
        (WEDNESDAY, "九点以后", "09:00以后"),
        (WEDNESDAY, "尽快", "越早越好"),
        (WEDNESDAY, "下周三尽快", "12月2日（周三），越早越好"),
        (WEDNESDAY, "随便哪天", "哪天都行"),
        (WEDNESDAY, "1月5号", "2027年1月5日（周二）"),
        (EVE, "国庆后第一个周六", "10月10日（周六，调休上班）"),
        (EVE, "10月3号下午", "10月3日（周六，国庆节放假）下午"),
    ],
)
def test_a_wish_is_said_back(now, text, said):
    wish = read(text, now, CALENDAR)
    assert (wish.said, wish.doubt) == (said, None)


@pytest.mark.parametrize(
    ("now", "text", "question"),
    [
        (SUNDAY, "这周六", "这周六已经过了，您说的是下周六（12月5日）吗？"),
        (SUNDAY, "下周一", "您说的下周一是11月30日（周一），还是12月7日（周一）？"),
        (SUNDAY, "今天下午三点", "今天下午3点已经来不及了，您是想11月30日（周一）下午3点来吗？"),
        (WEDNESDAY, "七点", "您说的是早上7点，还是晚上7点？"),
        (WEDNESDAY, "周六 12月3日", "12月3日是周四，不是周六。您说的是12月3日（周四），还是12月5日（周六）？"),
        (
            WEDNESDAY,
            "11月20号",
            "11月20日已经过了，您说的是12月20日（周日），还是2027年11月20日（周六）？",
        ),
        (WEDNESDAY, "腊月二十八", "农历腊月二十八是公历2027年2月4日（周四），您说的是这一天吗？"),
        (WEDNESDAY, "2月30号", "2月没有30日，您说的是2月28日还是3月1日？"),
        (
            MONDAY,
            "元旦后第一个工作日",
            "2027年的放假安排还没有公布，按往常推算是2027年1月4日（周一），您看先按这个约可以吗？",
        ),
    ],
)
def test_a_doubt_is_asked_back(now, text, question):
    assert read(text, now, CALENDAR).doubt.question == question


def test_a_choice_of_days_keeps_the_time_of_day():
    wish = read("下周一上午九点半", SUNDAY, CALENDAR)
    assert [(option.days, option.at) for _, option in wish.doubt.options] == [
        ((date(2026, 11, 30),), 570),
        ((date(2026, 12, 7),), 570),
    ]


def test_a_doubtful_hour_on_a_doubtful_day_is_asked_after_the_day():
    wish = read("下周一七点", SUNDAY, CALENDAR)
    _, monday = wish.doubt.options[0]
    assert [option.at for _, option in monday.doubt.options] == [7 * 60, 19 * 60]


def test_a_definite_minute_has_the_half_hour_that_it_begins():
    assert read("三点半", WEDNESDAY, CALENDAR).span == Span(930, 960)


def test_a_moment_with_a_zone_is_taken_to_china():
    evening_in_london = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert read("今天", evening_in_london, CALENDAR).days == (date(2026, 11, 25),)


def test_a_day_is_still_today_while_its_part_can_be_reached():
    late = WEDNESDAY.replace(hour=11, minute=59)
    assert read("周三上午", late, CALENDAR).days == (date(2026, 11, 25),)
    assert read("周三上午", late + timedelta(minutes=1), CALENDAR).days == (date(2026, 12, 2),)


def test_only_the_first_five_hundred_characters_are_read():
    assert read("好" * 500 + "明天", WEDNESDAY, CALENDAR) is None
