"""What a pydantic error means, said in plain Chinese to whoever has to mend the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_REASONS = {
    "missing": "这一项必须填写",
    "extra_forbidden": "没有这一项，请删掉",
    "string_type": "应当是文字",
    "string_unicode": "含有无法识别的字符，请重新输入",
    "string_pattern_mismatch": "格式不对",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "太短，至少 {min_length} 个字",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应当是整数，不带小数",
    "float_type": "应当是数字",
    "float_parsing": "应当是数字",
    "finite_number": "应当是有限的数字",
    "bool_type": "应当是「是」或「否」（true 或 false）",
    "bool_parsing": "应当是 1 或 0",
    "list_type": "应当是一个列表",
    "dict_type": "应当是一组名称和值",
    "model_type": "应当是一组名称和值",
    "model_attributes_type": "应当是一组名称和值",
    "too_long": "太多，最多 {max_length} 个",
    "too_short": "太少，至少 {min_length} 个",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "应当不小于 {ge}",
    "less_than": "应当小于 {lt}",
    "less_than_equal": "应当不大于 {le}",
    "literal_error": "只能是 {expected}",
    "value_error": "{error}",
}


def reason(error: Mapping[str, Any]) -> str:
    """Say why one value was refused.

    Args:
        error: One entry of `pydantic.ValidationError.errors()`.

    Returns:
        A short Chinese clause, without the offending value itself.
    """
    sentence = _REASONS.get(error["type"], "不符合要求")
    return sentence.format_map(error.get("ctx", {}))
