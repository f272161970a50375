"""Which choice a citizen means who taps it, types its words, or its number."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.guides.meaning import labels_in
from miniapp_api.text import clean
from miniapp_api.wechat.text.menus import Entry, Menu
from miniapp_api.wechat.text.numbers import number

PLACES = ["沿街独立门面", "商场、超市里", "商住楼底商（楼上住人）"]
FOODS = ["炒菜、火锅、烧烤、油炸", "凉菜、卤味", "刺身、沙拉等生食"]


def menu(*labels, several=False, alone=None, steering=("不知道", "上一步"), menu_id=7):
    answers = [Entry(label, f"值：{label}", menu_id * 100 + at, True, several) for at, label in enumerate(labels, 1)]
    answers += [Entry(alone, alone, menu_id * 100 + len(answers) + 1, True)] if alone else []
    steered = [Entry(word, word, menu_id * 100 + len(answers) + at) for at, word in enumerate(steering, 1)]
    return Menu((*answers, *steered))


ONE = menu(*PLACES)
SEVERAL = menu(*FOODS, several=True, alone="都没有")

labels = st.lists(st.text(min_size=1, max_size=20).filter(clean), min_size=2, max_size=12, unique_by=clean)


@pytest.mark.parametrize(
    "typed",
    [
        *("2", "２", "2.", "2．", "2、", "2。", "(2)", "（2）", "2）", "②", "⑵", "二", "2号", "二号", " 2 "),
        *("第二个", "第2个", "第 2 个", "第2项", "第二条", "选2", "我选2", "选第二个", "第二个吧"),
    ],
)
def test_every_way_to_type_a_number(typed):
    assert ONE.meant(typed) == "值：商场、超市里"


@pytest.mark.parametrize(
    "typed",
    [
        *("120平", "2楼", "2个", "两个", "2张桌子", "2.5", "02", "0", "9", "-1"),
        *("2-3", "十楼", "1和3", "不知道啊", "", "、", "。"),
    ],
)
def test_what_is_no_number_of_this_menu_is_left_as_it_is(typed):
    assert ONE.meant(typed) == typed


@pytest.mark.parametrize("typed", ["2", "２", "第二个", "选2", "1、3"])
def test_a_number_is_an_answer_where_nothing_is_numbered(typed):
    assert Menu().meant(typed, "702") == typed
    assert menu().meant(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *("1 3", "1、3", "1,3", "1，3", "1.3", "1和3", "1，3。", "1、 3", "1；3"),
        *("一和三", "第1个和第3个", "选1和3", "1号、3号", "1、3、", "1、1、3"),
    ],
)
def test_several_numbers_are_several_labels(typed):
    assert SEVERAL.meant(typed) == "炒菜、火锅、烧烤、油炸、刺身、沙拉等生食"


def test_several_are_told_in_the_order_typed():
    assert SEVERAL.meant("3、1") == "刺身、沙拉等生食、炒菜、火锅、烧烤、油炸"


def test_one_number_of_several_is_that_one():
    assert SEVERAL.meant("2") == "值：凉菜、卤味"
    assert SEVERAL.meant("4") == "都没有"


@pytest.mark.parametrize("typed", ["1、9", "1、4", "1、凉菜", "13", "1-3", "1到3", "5", "1 3平"])
def test_several_that_cannot_be_meant_are_left_as_they_are(typed):
    assert SEVERAL.meant(typed) == typed


def test_numbers_go_beyond_ten():
    long = menu(*(f"改：第几样{at}" for at in range(25)))
    assert [long.meant(said) for said in ("十", "十一", "二十", "二十五", "25")] == [
        f"值：改：第几样{at}" for at in (9, 10, 19, 24, 24)
    ]


def test_words_count_before_the_id_of_a_tap():
    assert ONE.meant("沿街独立门面", "702") == "值：沿街独立门面"
    assert ONE.meant("不知道", "701") == "不知道"


@pytest.mark.parametrize(
    ("tapped", "meant"), [("702", "值：商场、超市里"), ("704", "不知道"), ("602", "？"), ("0", "？"), (None, "？")]
)
def test_an_id_counts_only_if_the_words_are_none_of_the_menu(tapped, meant):
    assert ONE.meant("？", tapped) == meant


def test_a_label_that_is_a_number_is_that_label():
    counted = menu("3", "2", "1")
    assert counted.meant("3") == "值：3"


def test_what_cannot_be_seen_in_a_text_does_not_matter():
    assert ONE.meant(" 沿街独立门面\u200b\n") == "值：沿街独立门面"


@given(labels)
def test_a_menu_is_stored_and_found_again(names):
    stored = json.loads(json.dumps(menu(*names, several=True, alone="都没有").to_json()))
    assert Menu.from_json(stored) == menu(*names, several=True, alone="都没有")


def test_no_menu_stored_is_an_empty_one():
    assert Menu.from_json(None) == Menu.from_json(Menu().to_json()) == Menu()


@given(labels.filter(lambda names: not any(number(clean(name)) for name in names)), st.data())
def test_label_number_and_tap_mean_the_same(names, data):
    at = data.draw(st.integers(0, len(names) - 1))
    offered = menu(*names, steering=())
    meant = {offered.meant(names[at]), offered.meant(str(at + 1)), offered.meant("\x00", str(701 + at))}
    assert meant == {f"值：{names[at]}"}


@given(st.text(), st.one_of(st.none(), st.text()), st.booleans())
def test_nothing_that_is_typed_raises(text, tapped, several):
    assert isinstance(menu(*PLACES, several=several).meant(text, tapped), str)


@given(st.text(alphabet="0123456789一二十第个选()（）、，。 和号２", max_size=12))
def test_what_looks_like_numbers_means_a_choice_or_itself(text):
    meant = SEVERAL.meant(text)
    single = [entry.value for entry in SEVERAL.entries]
    assert meant == text or meant in single or labels_in(meant, FOODS)
