"""Fields of subscribe messages keep their limits, without a word being made to say something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.wechat.platform.subscribe_fields import fit

FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇨🇳"


def fitted(name, text):
    return fit({name: text})[name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thing1", "您的食品经营许可申请已经受理,请等候通知"),
        ("number01", "339208499"),
        ("number2", "-12.50"),
        ("number2", "1" * 32),
        ("letter3", "ABCdef"),
        ("symbol4", "!@#%~"),
        ("character_string5", "SY-2026-000123(A)"),
        ("time6", "15:01"),
        ("time6", "2019年10月1日 15:01"),
        ("time6", "2019年10月1日 15:01~2019年10月1日 16:00"),
        ("date7", "2019年10月1日"),
        ("date7", "2019年10月01日 9:05"),
        ("date7", "2019年10月1日~2019年10月8日"),
        ("amount8", "¥1234567890.50元"),
        ("amount8", "0"),
        ("phone_number9", "+86-0719-66888866"),
        ("car_number10", "鄂C12345挂"),
        ("name11", "阿卜杜拉·买买提明"),
        ("name11", "Alexander Johnsonson"),
        ("phrase12", "准予许可"),
        ("phrase12", "已受理"),
        ("site13", "某种还没有写下来的种类,长一点也不动它,因为不知道它的限度"),
    ],
)
def test_what_is_within_its_limit_stays_as_it_is(name, text):
    assert fitted(name, text) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("number1", "1" * 33),
        ("number1", "一百"),
        ("number1", "１２"),
        ("letter1", "A" * 33),
        ("letter1", "A1"),
        ("symbol1", "!!!!!!"),
        ("symbol1", "是"),
        ("character_string1", "鄂十审2026第3号"),
        ("character_string1", "x" * 33),
        ("character_string1", "SY 1"),
        ("time1", "2019年10月1日"),
        ("time1", "25:00"),
        ("time1", "下午三点"),
        ("date1", "2019-10-01"),
        ("date1", "15:01"),
        ("amount1", "12345678901"),
        ("amount1", "免费"),
        ("phone_number1", "0" * 18),
        ("car_number1", "鄂C123456789"),
        ("phrase1", "不予受理通知"),
        ("phrase1", "OK"),
        ("thing1", ""),
        ("thing1", " \n\t\x00"),
        ("name1", ""),
    ],
)
def test_what_cannot_be_cut_is_refused_by_name(name, text):
    with pytest.raises(ValueError, match=f"^{name} (is empty|must be )"):
        fit({"thing9": "好", name: text})


def test_a_refusal_does_not_repeat_the_text():
    with pytest.raises(ValueError, match="phone_number1 must be") as caught:
        fitted("phone_number1", "13800138000 王小明")
    assert "138" not in str(caught.value)


def test_a_long_thing_is_cut_with_an_ellipsis():
    assert fitted("thing1", "一" * 20) == "一" * 20
    assert fitted("thing1", "一" * 21) == "一" * 19 + "…"


@pytest.mark.parametrize(
    ("text", "cut"), [("买买提" * 4, "买买提买买提买买提买"), ("A" * 21, "A" * 20), ("张A" * 6, "张A" * 5)]
)
def test_a_long_name_is_cut_without_a_sign(text, cut):
    assert fitted("name1", text) == cut


@pytest.mark.parametrize(
    "text", ["请\n补正\r\n材料", "  请 补正\u2028材料 ", "请\t补正\x0b材料", "请 补\x00正 材料\ud800"]
)
def test_a_text_is_on_one_line(text):
    assert fitted("thing1", text) == "请 补正 材料"


def test_unknown_kinds_are_on_one_line_too():
    assert fitted("site1", "十堰\n市民服务中心") == "十堰 市民服务中心"


@pytest.mark.parametrize("cluster", ["😀", "e\u0301", "👍🏽", FAMILY, FLAG, "❤\ufe0f", "1\ufe0f\u20e3", "葛\U000e0100"])
@pytest.mark.parametrize("before", range(14, 21))
def test_no_character_is_split(cluster, before):
    cut = fitted("thing1", "一" * before + cluster + "二" * 10)
    assert cut in {"一" * 19 + "…", "一" * before + "…"} or cut.startswith("一" * before + cluster)
    assert cut.endswith("…")


def test_flags_in_a_row_stay_whole():
    assert fitted("thing1", FLAG * 6) == FLAG * 4 + "…"


def test_a_name_of_which_nothing_fits_is_refused():
    with pytest.raises(ValueError, match="name1 is empty"):
        fitted("name1", "👨\u200d👩\u200d👧\u200d👦")


@given(st.text())
def test_any_text_makes_a_thing_or_is_empty(text):
    try:
        thing = fitted("thing1", text)
    except ValueError as error:
        assert str(error) == "thing1 is empty"
        return
    assert 1 <= len(thing.encode("utf-16-le")) // 2 <= 20
    assert thing == thing.strip()
    assert len(thing.splitlines()) == 1
