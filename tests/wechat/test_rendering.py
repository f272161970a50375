"""How answers look in WeChat: one text that fits, in which nothing is a link but what we made one."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guidance.theme import MultiFact, YesNoFact
from miniapp_api.content.service import Content
from miniapp_api.guides import messages as guides
from miniapp_api.wechat.text.markup import ANCHOR, MAX_BYTES, menu_link, size, web_link, words, xml_safe
from miniapp_api.wechat.text.offers import ALONE
from miniapp_api.wechat.text.rendering import GO_ON, Link, render

CATALOGUE = Path(__file__).parents[2] / "catalogue"
MORE = re.compile(r"\n（还有 (\d+) 段，回复“<a [^>]*>继续</a>”接着看）$")
STEERING = [{"label": word, "value": word, "steering": True} for word in ("不知道", "为什么问这个", "上一步")]
WHERE = [
    "沿街独立门面",
    "商场、超市里",
    "商住楼底商（楼上住人）",
    "居民住宅楼里",
    "写字楼里",
    "景区、医院、园区等",
    "没有店面，摆摊",
]
FOODS = [
    "炒菜、火锅、烧烤、油炸", "蒸煮、粉面、烘焙等热食", "凉菜、卤味", "刺身、沙拉等生食", "裱花蛋糕等冷加工糕点",
    "奶茶、咖啡等现做饮品", "散装食品、散装酒", "中央厨房、集体配餐", "只卖带包装的食品",
]  # fmt: skip
OPENING = guides.say(
    "好，我来帮您理清“开餐饮店”要办什么。我先问您几个问题，只问用得上的。"
    "问完给您一张清单：要办哪些手续、先办哪个、带什么材料、去哪里办。"
)


def say(text, *labels, kind=None, steering=False):
    message = guides.say(text, *labels, kind=kind)
    return message | {"choices": message["choices"] + (STEERING if steering else [])}


def seen(text):
    """The text as a citizen sees it: links in brackets."""
    return re.sub("<a [^>]*>(.*?)</a>", r"[\1]", text)


def pieces(rendering):
    return (rendering.first, *rendering.rest)


def checklist(rows=30):
    lines = [f"{row}. 食品经营许可（新办）（承诺 5 个工作日，法定 10 个工作日）" for row in range(1, rows + 1)]
    return say(
        "\n".join(["要问的都问完了。", "要办的事项：", *lines, "以窗口受理为准。"]),
        "改答案",
        "重新开始",
        kind="checklist",
    )


# ------------------------------------------------------------------ what a citizen reads


def test_a_question_with_its_answers_to_tap():
    rendering = render([OPENING, say("店开在什么样的房子里？", *WHERE, kind="question", steering=True)], menu_id=7)
    assert rendering.rest == ()
    assert seen(rendering.first) == (
        f"{OPENING['text']}\n\n店开在什么样的房子里？\n\n"
        "1. [沿街独立门面]\n2. [商场、超市里]\n3. [商住楼底商（楼上住人）]\n4. [居民住宅楼里]\n5. [写字楼里]\n"
        "6. [景区、医院、园区等]\n7. [没有店面，摆摊]\n\n[不知道]　[为什么问这个]　[上一步]\n点蓝字，或回复编号"
    )


def test_a_link_says_its_label_and_tells_its_id():
    rendering = render([say("对吗？", "对", "不对")], menu_id=7)
    told = [parse_qs(urlsplit(href).query) for href in re.findall('href="([^"]*)"', rendering.first)]
    assert told == [{"msgmenucontent": [entry.label], "msgmenuid": [str(entry.id)]} for entry in rendering.menu.entries]
    assert [entry.id for entry in rendering.menu.entries] == [701, 702]


def test_of_several_answers_the_numbers_are_replied():
    rendering = render([say("卖哪些东西？", *FOODS, "都没有", kind="multi", steering=True)], menu_id=8)
    lines = seen(rendering.first).splitlines()
    assert lines[2] == "1. 炒菜、火锅、烧烤、油炸" and lines[11:] == [
        "10. [都没有]", "", "[不知道]　[为什么问这个]　[上一步]", "有几样就回复几个编号，比如 1、3；只有一样也回复编号",
    ]  # fmt: skip
    assert rendering.menu.meant("1，3。") == "炒菜、火锅、烧烤、油炸、凉菜、卤味"
    assert rendering.menu.meant("10") == "都没有" and rendering.menu.meant("1、10") == "1、10"


def test_the_example_of_a_short_list_is_on_the_list():
    assert (
        "比如 1、2；"
        in render([say("？", "食品许可证被吊销过", "在失信名单上", "都没有", kind="multi")], menu_id=1).first
    )


def test_the_last_of_several_answers_can_be_tapped():
    rendering = render([say("还有吗？", "用电", "没有别的了", kind="multi")], menu_id=1)
    assert seen(rendering.first) == "还有吗？\n\n1. [用电]\n2. [没有别的了]\n点蓝字，或回复编号"


def test_a_single_choice_needs_no_number():
    rendering = render([say("您还没有回答过问题。", "继续")], menu_id=1)
    assert seen(rendering.first) == "您还没有回答过问题。\n\n[继续]\n点蓝字，或回复这几个字"
    assert rendering.menu.meant("1") == "1"


def test_a_question_for_a_number_has_no_numbered_choices():
    rendering = render([say("大约多少平方米？\n（直接写数字就行）", kind="question", steering=True)], menu_id=1)
    assert seen(rendering.first).endswith("（直接写数字就行）\n\n[不知道]　[为什么问这个]　[上一步]")
    assert rendering.menu.meant("2") == "2"


def test_only_the_last_choices_live():
    rendering = render([say("先停一下。", "仍然往下看"), say("对吗？", "对", "不对"), say("好的。")], menu_id=1)
    assert seen(rendering.first) == "先停一下。\n\n对吗？\n\n好的。\n\n1. [对]\n2. [不对]\n点蓝字，或回复编号"
    assert [entry.value for entry in rendering.menu.entries] == ["对", "不对"]


def test_links_stand_before_the_choices():
    links = [
        Link("打开清单", "https://daoban.example/g/1?a=1&b=2"),
        Link("去小程序看", "https://daoban.example/", "wx1", 'p?x="1"'),
    ]
    rendering = render([say("清单好了。", "改答案", "重新开始")], menu_id=1, links=links)
    assert seen(rendering.first).startswith("清单好了。\n\n[打开清单]\n[去小程序看]\n\n1. [改答案]")
    assert '<a href="https://daoban.example/g/1?a=1&b=2">打开清单</a>' in rendering.first
    assert 'data-miniprogram-appid="wx1" data-miniprogram-path="p?x=%221%22">去小程序看</a>' in rendering.first


def test_a_message_without_choices_has_an_empty_menu():
    rendering = render([say("不客气。")], menu_id=1)
    assert rendering.first == "不客气。" and rendering.menu.entries == ()


# ------------------------------------------------------------------ what does not fit


def test_a_long_checklist_is_cut_between_lines_and_its_choices_stay_together():
    rendering = render([say("好，记下了。"), checklist()], menu_id=3)
    first, last = pieces(rendering)
    assert MORE.search(first)[1] == "1" and size(first) > MAX_BYTES * 3 // 4
    assert MORE.sub("", first).endswith("个工作日）") and re.match(r"\d+\. 食品", last)
    assert seen(last).endswith("以窗口受理为准。\n\n1. [改答案]\n2. [重新开始]\n点蓝字，或回复编号")


def test_the_pieces_that_follow_are_counted_down():
    rendering = render([checklist(90)], menu_id=3)
    assert [MORE.search(piece)[1] for piece in pieces(rendering)[:-1]] == ["4", "3", "2", "1"]


def test_a_question_stays_with_its_choices():
    question = say("店开在什么样的房子里？", *WHERE, kind="question", steering=True)
    *_, last = pieces(render([checklist(12), question], menu_id=3))
    assert seen(last).startswith("店开在什么样的房子里？\n\n1. [沿街独立门面]")


def test_two_pieces_are_better_than_nothing_to_tap():
    rendering = render(
        [checklist(17), say("店开在什么样的房子里？", *WHERE, kind="question", steering=True)], menu_id=3
    )
    assert len(rendering.rest) == 1 and seen(rendering.rest[0]).endswith("点蓝字，或回复编号")


def test_a_message_stays_with_its_choices_even_if_nothing_can_be_tapped():
    rendering = render([say("长" * 630, "改答案", "重新开始")], menu_id=3)
    assert rendering.rest == () and seen(rendering.first).endswith("1. 改答案\n2. 重新开始\n回复编号就行")


def test_a_single_choice_that_cannot_be_tapped_has_a_number():
    rendering = render([say("长" * 645, "继续")], menu_id=3)
    assert rendering.rest == () and rendering.first.endswith("\n\n1. 继续\n回复编号就行")
    assert rendering.menu.meant("1") == "继续"


def test_choices_that_no_piece_can_hold_as_links_are_numbers():
    rendering = render([say("请选：", *(f"{at:02}号窗口办理的各项业务" for at in range(30)))], menu_id=3)
    assert rendering.rest == () and not ANCHOR.search(rendering.first)
    assert rendering.first.endswith("30. 29号窗口办理的各项业务\n回复编号就行")
    assert rendering.menu.meant("30") == "29号窗口办理的各项业务"


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("这是一句很长的话，里面有逗号。", "。"),
        ("没有句号，只有逗号", "，"),
        ("字", "字"),
        ("“引文。”", "”"),
        ("e\u0301", "\u0301"),
    ],
)
def test_a_paragraph_is_cut_where_a_reader_pauses(unit, end):
    first, *_ = pieces(render([say(unit * 900)], menu_id=1))
    assert MORE.sub("", first).endswith(end)


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "🇨🇳", "👍🏽", "1️⃣", "e\u0301\u0323"])
@pytest.mark.parametrize("before", ["", "字", "ab"])
def test_a_sign_is_never_cut(sign, before):
    for piece in pieces(render([say(before + sign * 500)], menu_id=1)):
        assert MORE.sub("", piece).removeprefix(before).replace(sign, "") == ""


def test_a_link_is_never_cut():
    links = [Link(f"第{at}份材料的样表", f"https://daoban.example/{'x' * 90}/{at}") for at in range(40)]
    whole = [MORE.sub("", piece) for piece in pieces(render([say("样表：")], menu_id=1, links=links))]
    assert [link for piece in whole for link in ANCHOR.findall(piece)] == [web_link(link) for link in links]


def test_what_steers_is_cut_between_its_links():
    steering = [{"label": f"换一个话题{at}", "value": "", "steering": True} for at in range(60)]
    rendering = render([{"text": "", "choices": steering}], menu_id=1)
    found = [link for piece in pieces(rendering) for link in ANCHOR.findall(MORE.sub("", piece))]
    assert found == [menu_link(entry.label, entry.id) for entry in rendering.menu.entries]


# ------------------------------------------------------------------ what cannot be smuggled in


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<a href="https://evil.example">点我</a>', '＜a href="https://evil.example"＞点我＜/a＞'),
        ("<A HREF=x>", "＜A HREF=x＞"),
        ("<\x00a href=x>", "＜a href=x＞"),
        ("面积<30 & 高>2，<b>粗</b>", "面积<30 & 高>2，<b>粗</b>"),
        ("a]]></Content><MsgType><![CDATA[news", "a]]＞</Content><MsgType><![CDATA[news"),
        ("]]\x0b>", "]]＞"),
        ("一\r\n二\r三\ud800\ufffe", "一\n二\n三"),
    ],
)
def test_texts_are_only_words(text, shown):
    assert render([say(text)], menu_id=1).first == words(text) == shown


def test_labels_are_only_words():
    rendering = render([say("？", "</a><a href=x>", "好\n的", "\u200b", "好 的")], menu_id=1)
    assert seen(rendering.first).splitlines()[2:4] == ["1. [＜/a＞＜a href=x＞]", "2. [好 的]"]
    assert [entry.value for entry in rendering.menu.entries] == ["</a><a href=x>", "好\n的"]


def test_addresses_stay_in_their_quotes():
    assert web_link(Link("看", 'https://x.example/">\n<a')) == '<a href="https://x.example/%22%3E%0A%3Ca">看</a>'


def test_what_is_too_long_for_a_link_is_given_in_words():
    assert menu_link("长" * 300, 1) == "长" * 300
    assert web_link(Link("看", "https://x.example/" + "x" * 1000)).startswith("看：https://x.example/x")


# ------------------------------------------------------------------ for any messages

fragments = st.sampled_from(
    [
        *(
            '<a href="x">',
            "</a>",
            "< a",
            "<",
            "]]>",
            "]]",
            ">",
            "&",
            "\x00",
            "\x1b",
            "\ud800",
            "\ufffe",
            "\r\n",
            "\n\n",
        ),
        *("👨‍👩‍👧", "🇨🇳", "e\u0301", "一句话。", "，", "对吗？", " ", "　", "\ufffc", "继续", "\n"),
        *("字" * 200, "x" * 700, "\u0301" * 300),
    ]
)
texts = st.one_of(st.text(max_size=40), st.lists(fragments, max_size=30).map("".join))
choices = st.fixed_dictionaries({"label": texts, "value": texts, "steering": st.booleans()})
messages = st.lists(
    st.fixed_dictionaries(
        {"text": texts, "choices": st.lists(choices, max_size=12)},
        optional={"kind": st.sampled_from(["question", "multi", "confirm", "veto", "checklist", "notice"])},
    ),
    max_size=4,
)
links = st.lists(st.builds(Link, texts, texts, st.one_of(st.none(), texts), st.one_of(st.none(), texts)), max_size=3)


@given(messages, links)
def test_every_piece_fits_and_survives_xml(said, leading):
    for piece in pieces(render(said, menu_id=12345678, links=leading)):
        assert len(piece.encode()) <= MAX_BYTES
        assert xml_safe(piece) == piece
        assert (ET.fromstring(f"<xml><![CDATA[{piece}]]></xml>").text or "") == piece  # noqa: S314 - our own


@given(messages, links)
def test_no_piece_holds_a_tag_that_is_not_ours(said, leading):
    for piece in pieces(render(said, menu_id=1, links=leading)):
        for link in ANCHOR.findall(piece):
            assert re.fullmatch('<a href="[^"<>\\s]*"( data-miniprogram-(appid|path)="[^"<>\\s]*")*>[^\n]*</a>', link)
        assert not re.search("</?a", ANCHOR.sub("", piece), re.IGNORECASE)


@given(st.lists(texts, max_size=5))
@example(["字" * 5000, "\n\n", "x，" * 3000])
def test_no_character_is_lost(said):
    shown = "".join(MORE.sub("", piece) for piece in pieces(render([say(text) for text in said], menu_id=1)))
    assert "".join(shown.split()) == "".join("".join(words(text) for text in said).split())


@given(messages)
def test_whatever_is_shown_as_a_choice_can_be_said(said):
    rendering = render(said, menu_id=7)
    whole = "".join(MORE.sub("", piece) for piece in pieces(rendering))
    for entry in rendering.menu.entries:
        assert "".join(entry.label.split()) in "".join(seen(whole).split())
        assert rendering.menu.meant(entry.label) == entry.value
    for tapped in ANCHOR.findall(whole):
        told = parse_qs(urlsplit(re.search('href="([^"]*)"', tapped)[1]).query)
        told_id = int(told["msgmenuid"][0])
        assert rendering.menu.meant("\x00", str(told_id)) == next(
            e.value for e in rendering.menu.entries if e.id == told_id
        )


# ------------------------------------------------------------------ the catalogue


@pytest.fixture(scope="module")
def themes():
    content = Content(CATALOGUE)
    return [content.release(theme.id, "shiyan").compiled for theme in content.themes()]


def questions(compiled):
    for id_, spec in compiled.theme.facts.items():
        several = isinstance(spec, MultiFact)
        labels = ["是", "否"] if isinstance(spec, YesNoFact) else [o.label for o in compiled.options(id_).values()]
        labels += [guides.NONE] if several and spec.min == 0 else []
        text = f"{spec.ask}\n{spec.help}" if spec.help else spec.ask
        yield say(text, *labels, kind="multi" if several else "question", steering=True)


def test_every_question_of_the_catalogue_fits_into_one_message(themes):
    for question in (question for compiled in themes for question in questions(compiled)):
        rendering = render([OPENING, question], menu_id=12345678)
        assert rendering.rest == ()
        answers = [choice["label"] for choice in question["choices"] if "steering" not in choice]
        assert all(f"{at}. " in rendering.first for at in range(1, len(answers) + 1))
        assert [rendering.menu.meant(str(at)) for at in range(1, len(answers) + 1)] == answers
        assert question["kind"] == "multi" or len(ANCHOR.findall(rendering.first)) == len(question["choices"])


def test_the_words_are_those_of_the_guides():
    assert {guides.NONE, guides.NOTHING_ELSE} == ALONE
    assert guides.GO_ON == GO_ON
