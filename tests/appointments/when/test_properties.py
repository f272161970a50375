"""Whatever is written: no error, no day in the past, and every date and time in any format is read as itself."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from miniapp_api.appointments.when import read
from tests.appointments.when.calendar import CALENDAR, CHINA, MOMENTS
from tests.appointments.when.notation import phrases

NOW = MOMENTS["an ordinary Wednesday"]
DIGITS = "〇一二三四五六七八九"
PIECES = sorted({phrase for _, phrase, _ in phrases()}) + list("，、或和到除了不行都前后的 0123456789点号周月")
MOMENT = st.dates(date(2025, 1, 1), date(2027, 12, 31)).flatmap(
    lambda day: st.times().map(lambda time: datetime.combine(day, time, CHINA))
)


def chinese(n: int) -> str:
    """A number below 100 in Chinese."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def formats(day: date) -> list[str]:
    """A date as citizens write it, with its year."""
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return [
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year % 100}年{day.month}月{day.day}号",
        f"{year}年{chinese(day.month)}月{chinese(day.day)}日",
        f"{day.year}年{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）",
        f"{day:%Y-%m-%d}星期{'一二三四五六天'[day.weekday()]}",
    ]


def short_formats(day: date) -> list[str]:
    """A date as citizens write it, without its year."""
    return [
        f"{day.month}月{day.day}日",
        f"{day.month}月{day.day}号",
        f"{day.month}月{day.day}",
        f"{chinese(day.month)}月{chinese(day.day)}号",
        f"{day.month}.{day.day}",
        f"{day.month}/{day.day}",
        f"{day:%m-%d}",
    ]


@given(st.text(max_size=600), MOMENT)
def test_any_text_is_read_without_an_error(text, now):
    read(text, now, CALENDAR)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), MOMENT)
def test_phrases_in_any_order_give_no_error_no_past_day_and_no_two_readings(text, now):
    wish = read(text, now, CALENDAR)
    assert wish == read(text, now, CALENDAR)
    for each in [wish, *(option for _, option in wish.doubt.options)] if wish and wish.doubt else [wish]:
        if each is None:
            continue
        assert all(day >= now.date() for day in each.days)
        assert len(each.days) <= 31
        assert each.at is None or each.at in each.span
        if each.doubt is None:
            assert read(each.said, now, CALENDAR) == each


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 700))
def test_a_date_with_its_year_is_read_as_itself(ahead):
    day = NOW.date() + timedelta(days=ahead)
    for text in formats(day):
        wish = read(text, NOW, CALENDAR)
        assert (wish.days, wish.doubt) == ((day,), None), text


@settings(deadline=None)
@given(st.integers(0, 180))
def test_a_date_without_its_year_is_the_next_such_day(ahead):
    day = NOW.date() + timedelta(days=ahead)
    for text in short_formats(day):
        wish = read(text, NOW, CALENDAR)
        assert (wish.days, wish.doubt) == ((day,), None), text


@settings(deadline=None)
@given(st.integers(-3, 3), st.integers(0, 6))
def test_a_weekday_beside_a_date_agrees_or_is_asked(off, ahead):
    day = NOW.date() + timedelta(days=10 + ahead)
    named = "一二三四五六日"[(day.weekday() + off) % 7]
    for text in (f"{day.month}月{day.day}日周{named}", f"周{named} {day.month}月{day.day}号"):
        wish = read(text, NOW, CALENDAR)
        assert (wish.doubt is None) is (off == 0), text
        assert wish.days == (day,), text


@given(st.integers(8, 23), st.integers(0, 59))
def test_a_time_by_the_clock_is_read_as_itself(hour, minute):
    part = "上午" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 19 else "晚上"
    twelve = hour if hour <= 12 else hour - 12
    for text in (
        f"{hour:02}:{minute:02}",
        f"{hour}点{minute:02}分",
        f"{hour}时{minute:02}分",
        f"{part}{twelve}点{minute:02}分",
        f"{part}{twelve}:{minute:02}",
        f"{part}{chinese(twelve)}点{'零' * (minute < 10)}{chinese(minute)}分",
    ):
        wish = read(f"明天{text}", NOW, CALENDAR)
        assert (wish.at, wish.doubt) == (hour * 60 + minute, None), text


@given(
    st.integers(0, 10**18), st.sampled_from(["{}", "身份证{}", "电话{}", "{}平", "{}元", "{}个人", "{}层", "编号{}"])
)
def test_other_numbers_are_no_times(number, form):
    if not (len(str(number)) == 8 and str(number).startswith("20")):
        assert read(form.format(number), NOW, CALENDAR) is None


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["周一、", "国庆", "28号到", "三点到", "除了", "11-28-", "第一个", "下", "十", "1", "不", "或"]))
def test_long_repetitions_are_read(piece):
    read(piece * 500, NOW, CALENDAR)
