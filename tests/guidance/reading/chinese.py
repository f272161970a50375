"""Writes numbers in Chinese, the way tests need them; independent of the code that reads them."""

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万两贰陆", "萬兩貳陸")


def standard(number: int) -> str:
    """12305 as 一万二千三百零五."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        zero = "零" if 0 < low < 1000 else ""
        return f"{standard(high)}万{zero}{standard(low) if low else ''}"
    said, pending = "", False
    for place, power in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += ("零" if pending and said else "") + DIGITS[digit] + power
            pending = False
        else:
            pending = True
    return said


def colloquial(number: int) -> str:
    """260 as 二百六, 12000 as 一万二, 15 as 十五."""
    said = standard(number)
    if said.startswith("一十"):
        said = said[1:]
    for first, second in (("万", "千"), ("千", "百"), ("百", "十")):
        digits = str(number)
        is_two_digits = len(digits.rstrip("0")) == 2
        if is_two_digits and said.endswith(second) and said[-3:-2] == first:
            return said[:-1]
    return said


def twos(said: str) -> str:
    """二百 as 两百."""
    for power in "百千万":
        said = said.replace(f"二{power}", f"两{power}")
    return said


def positional(number: int) -> str:
    """260 as 二六〇."""
    return "".join("〇" if digit == "0" else DIGITS[int(digit)] for digit in str(number))


def mixed(number: int) -> str:
    """1200 as 1千2百, 35000 as 3万5千."""
    parts = []
    for place, power in ((10_000, "万"), (1000, "千"), (100, "百")):
        digit, number = divmod(number, place)
        if digit:
            parts.append(f"{digit}{power}")
    rest = ""
    if number:
        rest = f"零{number}" if parts else str(number)
    return "".join(parts) + rest
