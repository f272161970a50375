"""A character is a token; numbers and Latin words stay whole; a message is never without one."""

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.text import MAX_CHARACTERS
from bot.components.tokenizer import ZhTokenizer


def tokens(text):
    tokenizer = ZhTokenizer(ZhTokenizer.get_default_config())
    return tokenizer.tokenize(Message({TEXT: text}), TEXT)


def test_splits_characters_but_not_numbers_and_words():
    assert [token.text for token in tokens("开KTV要120.5平，OK?")] == ["开", "ktv", "要", "120.5", "平", ",", "ok", "?"]


def test_tokens_know_their_place_in_what_was_written():
    text = "我 想開１２間ＫＴＶ"
    for token in tokens(text):
        written = text[token.start : token.end]
        assert len(written) == len(token.text)
    assert [text[t.start : t.end] for t in tokens(text)][-1] == "ＫＴＶ"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u3000", "\ud83d"])
def test_a_blank_message_has_one_token(text):
    assert len(tokens(text)) == 1


def test_a_long_message_is_bounded():
    assert len(tokens("长" * 10_000)) == MAX_CHARACTERS
