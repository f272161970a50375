"""Random but valid themes, small for properties, as large as 开餐饮店 for load measurements."""

from __future__ import annotations

from random import Random
from typing import Any

from pydantic import TypeAdapter

from guidance.library import Locality
from guidance.theme import Theme

THEME: TypeAdapter[Theme] = TypeAdapter(Theme)
LOCALITY: TypeAdapter[Locality] = TypeAdapter(Locality)


class RandomTheme:
    """Draws a theme; the same random state gives the same theme.

    Args:
        random: the source of chance.
        facts, items: how many of each.
    """

    def __init__(self, random: Random, facts: int = 6, items: int = 5) -> None:
        self.random = random
        self.params = {
            "cut": {"label": "面积门槛", "type": "cut", "unit": "m2"},
            "other_cut": {"label": "投资门槛", "type": "cut", "unit": "wan"},
            "mode": {"label": "管理方式", "type": "choice", "options": {"a": "审批", "b": "备案", "c": "引导"}},
        }
        self.facts: dict[str, dict[str, Any]] = {}
        for number in range(facts):
            self.facts[f"fact{number}"] = self._fact(number)
        self.terms = {f"term{n}": {"label": f"术语{n}", "when": self.condition(2)} for n in range(facts // 3)}
        self.items = {f"item{n}": self._item(n) for n in range(items)}
        self.duties = {f"duty{n}": self._said(f"义务{n}") for n in range(items // 2)}
        self.vetoes = {f"veto{n}": {**self._said(f"红灯{n}"), "way_out": "换个地方"} for n in range(items // 4 + 1)}
        self.notices = {
            f"notice{n}": {"when": self.condition(2), "say": f"提示{n}", "basis": []} for n in range(items // 2)
        }

    def document(self, id_: str = "random-theme") -> dict[str, Any]:
        """The theme as plain data, as a YAML file would hold it."""
        return {
            "schema": "daoban/theme/1",
            "id": id_,
            "version": "2026.11.1",
            "title": "随机主题",
            "say": ["随机"],
            "intro": "用于测试",
            "owner": {"dept": "审批局", "contact": "12345"},
            "effective": {"from": "2026-01-01", "review_by": "2027-01-01"},
            "params": self.params,
            "facts": self.facts,
            "terms": self.terms,
            "items": self.items,
            "duties": self.duties,
            "vetoes": self.vetoes,
            "notices": self.notices,
        }

    def theme(self) -> Theme:
        """The theme, checked."""
        return THEME.validate_python(self.document())

    def locality(self) -> Locality:
        """A city that sets some parameters, some per district, and leaves some unset."""
        return LOCALITY.validate_python(random_locality(self.random))

    def condition(self, depth: int, facts: list[str] | None = None) -> Any:
        """A random condition over the facts drawn so far."""
        names = list(self.facts) if facts is None else facts
        kind = self.random.random()
        if depth > 0 and kind < 0.3:
            return {self.random.choice(["all", "any"]): [self.condition(depth - 1, names) for _ in range(2)]}
        if depth > 0 and kind < 0.4:
            return {"not": self.condition(depth - 1, names)}
        if kind < 0.48:
            return {"$mode": self.random.choice(["a", "b", "c", {"in": ["a", "b"]}])}
        if kind < 0.56 and facts is None and getattr(self, "terms", None):
            return {"is": self.random.choice(list(self.terms))}
        return self._atom(self.random.choice(names))

    def _fact(self, number: int) -> dict[str, Any]:
        type_ = self.random.choice(["yesno", "choice", "multi", "number", "place" if number == 3 else "yesno"])
        fact: dict[str, Any] = {
            "type": type_,
            "label": f"情况{number}",
            "ask": f"情况{number}是什么？",
            "dont_know": {"fallback": "keep"},
        }
        names = ["a", "b", "c", "d"][: self.random.randint(2, 4)]
        if type_ in ("choice", "multi"):
            fact["options"] = {name: {"label": f"选项{name}"} for name in names}
        if type_ == "multi":
            fact["min"] = self.random.randint(0, 1)
            if self.random.random() < 0.5:
                fact["options"]["z"] = {"label": "都不是", "exclusive": True}
        if type_ == "number":
            fact |= {"unit": "m2", "range": [1, 1000], "integer": self.random.random() < 0.5}
        if number > 1 and type_ != "place" and self.random.random() < 0.3:
            fact["only_if"] = self.condition(1, list(self.facts))
        return fact

    def _atom(self, name: str) -> Any:
        fact = self.facts[name]
        match fact["type"]:
            case "yesno":
                return {name: self.random.random() < 0.5}
            case "place":
                return {name: self.random.choice(["north", {"in": ["south", "east"]}])}
            case "number":
                op = self.random.choice(["lt", "le", "gt", "ge", "within", "beyond"])
                param = self.random.choice(["$cut", "$other_cut"])
                literal = op not in ("within", "beyond") and self.random.random() < 0.5
                return {name: {op: self.random.choice([50, 300, 301]) if literal else param}}
        options = list(fact["options"])
        some = self.random.sample(options, self.random.randint(1, 2))
        if fact["type"] == "multi":
            return {name: {self.random.choice(["any", "all", "none"]): some}}
        return {name: some[0] if len(some) == 1 else {"in": some}}

    def _item(self, number: int) -> dict[str, Any]:
        return {
            "name": f"事项{number}",
            "when": self.condition(3),
            "department": "审批局",
            "kind": "licence",
            "fee": "免费",
            "how": "窗口或网上",
            "time": {"legal": {"days": 20}, "promised": {"days": 5}},
            "basis": [],
            "materials": [{"use": "m1"}, {"use": f"m{2 + number % 3}", "when": self.condition(1)}],
            "after": [f"item{number - 1}"] if number and self.random.random() < 0.3 else [],
        }

    def _said(self, name: str) -> dict[str, Any]:
        return {"name": name, "when": self.condition(2), "say": "请注意", "basis": []}


def random_locality(random: Random) -> dict[str, Any]:
    """A locality's data in which each parameter is unset with probability one third."""
    params: dict[str, Any] = {}
    for param in ("cut", "other_cut"):
        if random.random() < 0.67:
            value = {random.choice(["up_to", "below"]): random.choice([50, 300])}
            params[param] = {"value": value, "status": "demo", "source": "测试"}
            if random.random() < 0.3:
                params[param]["overrides"] = {"south": {"up_to": 301}}
    if random.random() < 0.67:
        params["mode"] = {"value": random.choice(["a", "b", "c"]), "status": "demo", "source": "测试"}
    place = {"address": "一路1号", "phone": "12345", "hours": "9:00–17:00", "status": "demo", "source": "测试"}
    return {
        "schema": "daoban/locality/1",
        "id": "testing",
        "name": "测试市",
        "note": "测试",
        "hotline": "12345",
        "hours": "工作日 9:00–17:00",
        "districts": {d: {"label": d} for d in ("north", "south", "east")},
        "places": {"hall": {"name": "大厅", **place}, "branch": {"name": "分厅", **place}},
        "where": {"by_district": {"north": "branch"}, "otherwise": "hall"},
        "params": params,
    }


def random_answer(random: Random, fact: Any, options: list[str]) -> Any:
    """A valid answer to a fact, thresholds and their neighbours favoured for numbers."""
    match fact.type:
        case "yesno":
            return random.random() < 0.5
        case "number":
            low, high = fact.range
            near = [n for n in (49, 50, 51, 299, 300, 301, 302) if low <= n <= high]
            return float(random.choice([*near, random.randint(int(low), int(high))]))
        case "multi":
            alone = [option for option in options if fact.options[option].exclusive]
            if alone and random.random() < 0.2:
                return frozenset(alone[:1])
            rest = [option for option in options if option not in alone]
            return frozenset(random.sample(rest, random.randint(fact.min, len(rest))))
        case _:
            return random.choice(options)
