"""For whom somebody speaks: 「给我妈约」, 「替老人」."""

from __future__ import annotations

import re

_WORDS = {
    "grandparent": "爷爷|奶奶|姥姥|姥爷|外公|外婆|祖父|祖母|外祖父|外祖母",
    "parent": "爸妈|父母|爸爸?|妈妈?|父亲|母亲|老爸|老妈|爹|娘(?!家)|老爷子|老太太|公公|婆婆|岳父|岳母|丈人|丈母娘",
    "spouse": "老婆|老公|爱人|丈夫|妻子|媳妇|对象|老伴",
    "child": "儿子|女儿|孩子|小孩|娃|闺女",
    "other": "老人家?|朋友|邻居|同事|亲戚|哥哥?|姐姐?|弟弟?|妹妹?|叔叔?|阿姨|舅舅?|姑姑?",
    "self": "(?<!我)自己|本人|我自己|我本人",
}
_WHO = "(?:" + "|".join(f"(?P<{relation}>{words})" for relation, words in _WORDS.items()) + ")"
_FOR = re.compile(f"(?:给|替|帮|为|代|是|带)我?们?家?里?的?{_WHO}")
_ALONE = re.compile(f"我?家?的?{_WHO}(?:的|约|吧|要办|办)?")


def relation_in(text: str) -> str | None:
    """The relation to whom a text says it is for, one of `people.RELATIONS`; None if it says nothing.

    Args:
        text: normalised.
    """
    found = _FOR.search(text) or _ALONE.fullmatch(text.strip("，。！ "))
    return found.lastgroup if found else None
