"""What the author's tools found, as Chinese text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml

from guidance.authoring.difference import Difference, SessionChange
from guidance.authoring.mutation import Score
from guidance.authoring.proposals import Proposal
from guidance.authoring.questions import QuestionBudget
from guidance.compiler import CompiledTheme
from guidance.documents import Problem
from guidance.theme import Example

_SEVERITIES = {"error": "错误", "warning": "警告", "advice": "建议"}
_SHOWN = 40
_RARE = 1e-4


def say_problems(problems: Sequence[Problem]) -> str:
    """Problems as an aligned list, with a summary; errors first in each file's order."""
    rows = [(f"{p.file}:{p.line}", p.code, _SEVERITIES[p.severity], p.message) for p in problems]
    widths = [max((_width(row[column]) for row in rows), default=0) for column in range(3)]
    lines = [
        "  ".join([*(_pad(cell, width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    count = {key: sum(p.severity == key for p in problems) for key in _SEVERITIES}
    summary = "，".join(f"{number} 个{_SEVERITIES[key]}" for key, number in count.items() if number)
    verdict = "有错误，服务不会用这份内容启动" if count["error"] else "可以发布"
    return "\n".join([*lines, f"共 {summary or '0 个问题'}：{verdict}。"])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def say_budget(compiled: CompiledTheme, found: QuestionBudget) -> str:
    """The question budget as Markdown."""
    facts = compiled.theme.facts
    plain, told = found.plain, "、".join(facts[fact].label for fact in found.told)
    lines = [
        f"# {compiled.theme.title} · {compiled.locality.name} · 要问多少题",
        "",
        f"模拟 {plain.sessions} 位群众（按各题写的比例，固定种子）：",
        "",
        f"- 平均问 {plain.mean:.2f} 题，最多 {plain.maximum} 题；全问的话平均 {plain.applicable:.2f} 题"
        f"，只问了其中 {plain.ratio:.0%}。",
        f"- 第一句话就说清“{told}”的，平均再问 {found.prefilled.mean:.2f} 题，是全问的 {found.prefilled.ratio:.0%}。",
        "",
        "| 问题 | 有多少人会被问到 |",
        "| --- | --- |",
        *(f"| {facts[fact].label} | {share:.1%} |" for fact, share in plain.asked.items()),
        "",
    ]
    if not found.moves:
        return "\n".join([*lines, "挪动任何一题，都不会少问。", ""])
    lines += ["挪动一题可以少问（顺序由您定，能早点亮红灯的题不要往后挪）：", ""]
    for move in found.moves:
        where = f"“{facts[move.after].label}”后面" if move.after else "最前面"
        lines.append(f"- 把“{facts[move.fact].label}”挪到{where}：平均 {move.mean:.2f} 题，少 {move.saved:.2f} 题。")
    return "\n".join([*lines, ""])


def say_score(found: Score) -> str:
    """The mutation score and what the examples do not notice."""
    lines = [
        f"例子能发现 {found.mutants} 种写错的地方中的 {found.killed} 种：{found.percent:.1f}%"
        f"（另有 {len(found.equal)} 种写法不同、结果相同，已证明，不算）。"
    ]
    if found.survivors:
        lines.append("发现不了的：")
        lines += [f"- {survivor.mutant}" for survivor in found.survivors[:_SHOWN]]
        if len(found.survivors) > _SHOWN:
            lines.append(f"- ……共 {len(found.survivors)} 种")
    return "\n".join(lines)


def say_proposals(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Proposed examples as YAML in the theme file's own form, ready to paste."""
    yield "# 请逐条核对：情形里说的这个人，expect 里列的是不是都该有、没列的是不是都不该有。核对无误再贴进 examples。"
    for proposal in proposals:
        kills = "；".join(str(mutant) for mutant in proposal.kills[:2])
        more = f"等 {len(proposal.kills)} 处" if len(proposal.kills) > 2 else ""
        yield f"  # {proposal.city.locality.name}，{proposal.situation}"
        yield f"  # 能发现：{kills}{more}" if proposal.kills else f"  # 会出现 {proposal.shows}"
        yield say_example(proposal.example)


def say_example(example: Example) -> str:
    """One example as it stands in a theme file."""
    lines = [f"  - say: {_flow(example.say)}"]
    for key in ("locality", "given", "expect", "perhaps", "unset", "still_asks"):
        value = getattr(example, key)
        if value is not None:
            lines.append(f"    {key}: {_flow(value)}")
    return "\n".join(lines)


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10**9)
    return text.removesuffix("\n").removesuffix("\n...")


def say_difference(found: Difference, names: dict[str, str]) -> str:
    """The difference of two versions as Markdown.

    Args:
        found: the difference in one city.
        names: the names of outcomes by id.
    """
    lines = [f"## {found.city}", ""]
    lines += [f"- {change}" for change in found.questions]
    if not any(outcome.example for outcome in found.outcomes):
        lines.append("- 每种情形的清单都和以前一样（已证明）。")
    else:
        lines.append(f"- 约 {_share(found.share)} 的群众，清单会不一样。")
    words = {"added": "新增", "removed": "去掉", "changed": "条件变了", "wording": "只改了文字、材料、时限或依据"}
    for outcome in found.outcomes:
        if outcome.change != "same":
            effect = f"：影响 {_share(outcome.share)} 的群众，例如：{outcome.example}" if outcome.example else ""
            lines.append(f"- {words[outcome.change]}：{outcome.name}（{outcome.id}）{effect}")
    same = sum(outcome.change in ("same", "wording") for outcome in found.outcomes)
    lines.append(f"- 其余 {same} 个结果，每种情形下都和以前一样（已证明）。")
    for number, sample in enumerate(found.samples, 1):
        gone = [names.get(id_, id_) for id_ in sample.before if id_ not in sample.after]
        come = [names.get(id_, id_) for id_ in sample.after if id_ not in sample.before]
        lines += ["", f"### 例 {number}", "", f"情形：{sample.situation}", ""]
        lines += [f"- 不再有：{'、'.join(gone)}"] if gone else []
        lines += [f"- 新出现：{'、'.join(come)}"] if come else []
        lines += [f"- 以前的清单（{len(sample.before)}）：{'、'.join(names.get(id_, id_) for id_ in sample.before)}"]
        lines += [f"- 现在的清单（{len(sample.after)}）：{'、'.join(names.get(id_, id_) for id_ in sample.after)}"]
    return "\n".join([*lines, ""])


def _share(share: float) -> str:
    return "不到 0.01%" if share < _RARE else f"{share:.2%}"


def say_sessions(changes: Sequence[SessionChange], total: int) -> str:
    """The sessions under way that a new version treats otherwise."""
    lines = [f"正在办的 {total} 人中，{len(changes)} 人受影响："]
    for change in changes:
        told = [f"新出现 {'、'.join(change.added)}"] if change.added else []
        told += [f"不再有 {'、'.join(change.removed)}"] if change.removed else []
        told += [f"这些回答不再有效：{'、'.join(change.invalid)}"] if change.invalid else []
        lines.append(f"- {change.id}：{'；'.join(told) or '有的结果从确定变成可能，或反过来'}")
    return "\n".join([*lines, ""])
