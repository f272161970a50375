"""Chinese without a word segmenter: a character is a token."""

import re
from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components.text import normalise

_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?|\S")
_NOTHING = "_"
"""Stands for a blank message: Rasa's featurizers fail on a message without tokens."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ZhTokenizer(Tokenizer):
    """Splits into single characters, keeping runs of Latin letters and numbers whole."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Returns what Rasa's tokenizer base class expects to find."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Splits one attribute of a message.

        Args:
            message: the message; left as it is.
            attribute: the name of the attribute to split, usually `text`.

        Returns:
            At least one token, each with its place in the original text.
        """
        text = normalise(message.get(attribute))
        tokens = [Token(found.group(), found.start()) for found in _TOKEN.finditer(text)]
        return tokens or [Token(_NOTHING, 0, end=len(text))]
