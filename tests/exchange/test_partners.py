"""The systems that the environment names."""

import pytest

from miniapp_api.entries import to_text
from miniapp_api.partner_settings import read_partners

SECRET = to_text(bytes(range(40)))


def test_systems_are_read_with_their_addresses():
    here, there = read_partners(
        f"name=province secret={SECRET} push=https://a.example.cn/x; name=fire secret={SECRET}==;"
    )
    assert (here.name, here.push, here.secret) == ("province", "https://a.example.cn/x", bytes(range(40)))
    assert (there.name, there.push) == ("fire", None)
    assert SECRET not in repr(here)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"name=province secret={SECRET} pull=x", "只能有 name、push、secret"),
        (f"name=province secret={SECRET} name=other", "只能有"),
        (f"name=Province secret={SECRET}", "第 1 个系统：name 用小写字母"),
        (f"name=province secret={SECRET} push=http://a.example.cn", "push 应当是 https"),
        ("name=province secret=a+b", "不是 base64url"),
        ("name=province secret=AAAA", "太弱"),
        ("name=province", "太弱"),
        (f"name=province secret={SECRET}; name=province secret={SECRET}", "同名"),
    ],
)
def test_what_is_wrong_is_told_without_the_secret(text, said):
    with pytest.raises(ValueError, match=said) as refused:
        read_partners(text)
    assert SECRET not in str(refused.value)
