"""Units as citizens read them."""

UNITS = {
    "m2": "平方米",
    "wan": "万元",
    "yuan": "元",
    "person": "人",
    "m": "米",
    "workday": "个工作日",
    "day": "天",
    "hour": "小时",
}


def say_unit(unit: str | None) -> str:
    """A unit as citizens read it."""
    return UNITS.get(unit or "", unit or "")
