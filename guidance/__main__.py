"""The author's command line: `python -m guidance lint|report|diff|examples`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from guidance.analysis.sites import OUTCOME_SECTIONS
from guidance.authoring import printing
from guidance.authoring.diagram import diagram, mermaid, svg
from guidance.authoring.difference import IncomparableError, compare, sessions_affected
from guidance.authoring.mutation import score_theme
from guidance.authoring.proposals import propose
from guidance.authoring.questions import question_budget
from guidance.authoring.signoff import markdown, sign_off
from guidance.compiler import compile_theme
from guidance.documents import CatalogueError
from guidance.library import Locality
from guidance.linting import errors, lint
from guidance.loading import THEME, Catalogue, load_catalogue
from guidance.theme import Theme

CATALOGUE = Path("catalogue")


class UsageError(Exception):
    """Something named on the command line does not exist; the message is for the author."""


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Run one command.

    Args:
        arguments: the command line without the program's name; the process's, if None.
        out: where to print.

    Returns:
        0 if all is well, 1 if the content has errors, 2 if a name on the command line is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options, out)
    except CatalogueError as error:
        print(printing.say_problems(error.problems), file=out)
        return 1
    except UsageError as error:
        print(error, file=out)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m guidance", description="导办主题的作者工具")
    commands = parser.add_subparsers(required=True, metavar="命令")

    checking = commands.add_parser("lint", help="检查内容，列出问题和改法")
    checking.add_argument("catalogue", nargs="?", type=Path, default=CATALOGUE, help="内容文件夹")
    checking.add_argument("--quick", action="store_true", help="不模拟、不做变异，只做启动时的检查")
    checking.add_argument("--previous", type=Path, help="上次发布的内容文件夹，用来核对版本号和编号")
    checking.set_defaults(run=_lint)

    reporting = commands.add_parser("report", help="流程图、签字表、要问多少题")
    reporting.add_argument("theme", help="主题编号，或主题文件")
    reporting.add_argument("--locality", help="城市编号，不写就用第一个城市")
    reporting.add_argument("--told", default="", help="第一句话就说清的问题编号，用逗号隔开")
    reporting.add_argument("--out", type=Path, help="写到这个文件夹；不写就打印出来")
    _with_catalogue(reporting).set_defaults(run=_report)

    comparing = commands.add_parser("diff", help="比较主题的两个版本：谁的清单会变")
    comparing.add_argument("old", type=Path, help="旧的主题文件")
    comparing.add_argument("new", type=Path, help="新的主题文件")
    comparing.add_argument("--locality", action="append", help="城市编号，可以写几次，不写就比所有城市")
    comparing.add_argument("--sessions", type=Path, help="正在办的会话，每行一个 JSON：id、answers、locality")
    _with_catalogue(comparing).set_defaults(run=_diff)

    exampling = commands.add_parser("examples", help="例子能发现多少种写错，还缺哪些例子")
    exampling.add_argument("theme", help="主题编号，或主题文件")
    _with_catalogue(exampling).set_defaults(run=_examples)
    return parser


def _with_catalogue(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="内容文件夹")
    return parser


def _lint(options: argparse.Namespace, out: TextIO) -> int:
    previous = load_catalogue(options.previous) if options.previous else None
    found = lint(load_catalogue(options.catalogue), previous=previous, thorough=not options.quick)
    print(printing.say_problems(found), file=out)
    return 1 if errors(found) else 0


def _report(options: argparse.Namespace, out: TextIO) -> int:
    catalogue = load_catalogue(options.catalogue)
    theme = _theme(catalogue, options.theme)
    city = compile_theme(theme, _locality(catalogue, options.locality or next(iter(catalogue.localities), "")))
    told = [fact for fact in options.told.split(",") if fact]
    for fact in told:
        if fact not in theme.facts:
            raise UsageError(f"主题没有问题 {fact}；可用的：{'、'.join(theme.facts)}")
    drawn = diagram(city)
    files = {
        "diagram.mmd": mermaid(drawn),
        "diagram.svg": svg(drawn, f"{theme.title} · {city.locality.name}"),
        "signoff.md": markdown(city, sign_off(city, catalogue.bases.content.bases)),
        "questions.md": printing.say_budget(city, question_budget(city, told)),
    }
    if options.out is None:
        for name in ("questions.md", "signoff.md", "diagram.mmd"):
            print(files[name], file=out)
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (options.out / name).write_text(text, encoding="utf-8")
        print(f"写好了 {options.out / name}", file=out)
    return 0


def _diff(options: argparse.Namespace, out: TextIO) -> int:
    catalogue = load_catalogue(options.catalogue)
    old, new = (_read(path) for path in (options.old, options.new))
    print(f"# {new.title}：{old.version} → {new.version}\n", file=out)
    cities = {id_: _locality(catalogue, id_) for id_ in options.locality or catalogue.localities}
    pairs = {id_: (compile_theme(old, city), compile_theme(new, city)) for id_, city in cities.items()}
    names = {**_names(old, catalogue), **_names(new, catalogue)}
    try:
        for before, after in pairs.values():
            print(printing.say_difference(compare(before, after), names), file=out)
    except IncomparableError as error:
        print(f"没法比较清单：{error}\n", file=out)
    if options.sessions:
        sessions = [found for found in _sessions(options.sessions, next(iter(pairs), "")) if found[2] in pairs]
        changes = [
            change
            for id_, (before, after) in pairs.items()
            for change in sessions_affected(before, after, [(s, a) for s, a, city in sessions if city == id_])
        ]
        print(printing.say_sessions(changes, len(sessions)), file=out)
    return 0


def _examples(options: argparse.Namespace, out: TextIO) -> int:
    catalogue = load_catalogue(options.catalogue)
    theme = _theme(catalogue, options.theme)
    localities = {id_: document.content for id_, document in catalogue.localities.items()}
    found = score_theme(theme, localities)
    print(printing.say_score(found), file=out)
    cities = {id_: compile_theme(theme, locality) for id_, locality in localities.items()}
    proposals = list(propose(found, cities))
    if proposals:
        print(file=out)
        for line in printing.say_proposals(proposals):
            print(line, file=out)
    return 0


def _theme(catalogue: Catalogue, named: str) -> Theme:
    if named.endswith(".yaml"):
        return _read(Path(named))
    if named not in catalogue.themes:
        raise UsageError(f"没有主题 {named}；可用的：{'、'.join(catalogue.themes)}")
    return catalogue.theme(named)


def _read(path: Path) -> Theme:
    if not path.is_file():
        raise UsageError(f"没有文件 {path}")
    return THEME.read(path).content


def _locality(catalogue: Catalogue, id_: str) -> Locality:
    if id_ not in catalogue.localities:
        raise UsageError(f"没有城市 {id_}；可用的：{'、'.join(catalogue.localities)}")
    return catalogue.locality(id_)


def _names(theme: Theme, catalogue: Catalogue) -> dict[str, str]:
    """The names of a theme's outcomes by id."""
    library = catalogue.materials.content.materials
    names: dict[str, str] = {}
    for section in OUTCOME_SECTIONS:
        names |= {id_: getattr(spec, "name", id_) for id_, spec in getattr(theme, section).items()}
    for id_, item in theme.items.items():
        for use in item.materials if item.materials != "none" else ():
            if use.use in library:
                names[f"{id_}/{use.use}"] = f"{library[use.use].name}（{item.name}要的）"
    return names


def _sessions(path: Path, default: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The id, answers and city of each session under way."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            session = json.loads(line)
            yield str(session["id"]), dict(session["answers"]), str(session.get("locality", default))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f'{path} 第 {number} 行不是 {{"id": …, "answers": {{…}}}} 的 JSON') from error


if __name__ == "__main__":
    sys.exit(main())
