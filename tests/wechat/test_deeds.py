"""What a push asks of us."""

import pytest

from miniapp_api.wechat.deeds import JOIN, MORE, deed
from miniapp_api.wechat.pushes import Push
from miniapp_api.wechat.text.menus import Entry, Menu
from tests.conftest import only_sqlite
from tests.guides.conftest import content, guides, whole_catalogue

__all__ = ["content", "guides", "whole_catalogue"]

MENU = Menu((Entry("有", "fact.yes", 101, numbered=True), Entry("没有", "fact.no", 102, numbered=True)))
GREET = {"do": "greet"}


def push(kind="text", text="", event="", event_key="", tapped=""):
    return Push("oSIMa", kind, event, text, event_key, tapped, 1_795_600_000, "0" * 64)


def said(text, menu=MENU, *, tapped="", has_more=False):
    return deed(push(text=text, tapped=tapped), menu, has_more=has_more)


def say(text):
    return {"do": "say", "text": text}


@pytest.fixture
def in_app(app):
    """Be where the catalogue is."""
    with app.app_context():
        yield


@only_sqlite
@pytest.mark.usefixtures("in_app")
class TestScenes:
    @pytest.mark.parametrize("event", ["subscribe", "subscribe_scan", "scan"])
    def test_the_code_of_a_theme_opens_it(self, event, whole_catalogue):
        (title,) = [theme.title for theme in whole_catalogue.themes() if theme.id == "open-restaurant"]
        assert deed(push("event", event=event, event_key="theme.open-restaurant"), Menu(), has_more=False) == say(
            f"我想{title}"
        )

    @pytest.mark.parametrize(
        "scene",
        ["", "theme.", "theme.unknown", "open-restaurant", "THEME.open-restaurant", "theme.open-restaurant ", "🙂"],
    )
    def test_any_other_code_gets_the_greeting(self, scene):
        for event in ("subscribe", "subscribe_scan", "scan"):
            assert deed(push("event", event=event, event_key=scene), Menu(), has_more=False) == GREET


@only_sqlite
def test_who_scans_the_code_of_a_theme_is_asked_its_first_question(alice):
    outcome = alice.scan("theme.open-restaurant")
    assert outcome.kind == "passive"
    assert "？" in outcome.text
    alice.subscribe("theme.open-restaurant")
    assert len(alice.inbox) == 2


class TestEvents:
    def test_a_menu_button_says_its_key(self):
        assert deed(push("event", event="click", event_key=" 看看\u200b清单 "), MENU, has_more=True) == say("看看清单")

    def test_its_key_is_no_choice_and_no_word_for_us(self):
        assert deed(push("event", event="click", event_key="有"), MENU, has_more=True) == say("有")
        assert deed(push("event", event="click", event_key="继续"), MENU, has_more=True) == say("继续")

    @pytest.mark.parametrize("event", ["unsubscribe", "view", "location", "click", "", "debug_demo"])
    def test_others_ask_nothing(self, event):
        assert deed(push("event", event=event), MENU, has_more=True) is None


class TestWords:
    def test_what_is_typed_is_said_clean(self):
        assert said(" 我想\u200b开  饭店\n") == say("我想开 饭店")

    def test_a_choice_is_said_by_its_value(self):
        assert said("有") == said("1") == said("whatever", tapped="101") == say("fact.yes")
        assert said("3") == say("3")
        assert said("有", Menu()) == say("有")

    @pytest.mark.parametrize("word", sorted(MORE))
    def test_more_is_asked_for_only_if_there_is_more(self, word):
        assert said(word, has_more=True) == said(f" {word}\n", has_more=True) == {"do": "more"}
        assert said(word, has_more=False) == say(word)

    @pytest.mark.parametrize("word", sorted(JOIN))
    def test_a_citizen_asks_for_a_code(self, word):
        assert said(word) == said(f" {word} ") == {"do": "join"}
        assert said(f"我要{word}") == say(f"我要{word}")

    def test_a_voice_is_never_a_word_for_us(self):
        assert deed(push("voice", text="继续"), MENU, has_more=True) == say("继续")

    def test_nothing_visible_is_said_as_nothing(self):
        assert said("\u200b") == said("") == say("")


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo", "link", "file", "miniprogrampage", "whatever"])
def test_what_cannot_be_read_is_told(kind):
    found = deed(push(kind), MENU, has_more=True)
    assert found["do"] == "tell"
    assert "文字" in found["text"]


@pytest.mark.parametrize("kind", ["voice", "location"])
@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u202e\ufeff"])
def test_a_voice_or_place_without_words_is_told(kind, text):
    assert deed(push(kind, text=text), MENU, has_more=True)["do"] == "tell"
