"""Commands of the exchange: import progress from a file, and look after what could not be sent."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from sqlalchemy import select

from miniapp_api.exchange.importing import Report, take_over
from miniapp_api.exchange.models import ExchangePush
from miniapp_api.exchange.pushing import release
from miniapp_api.exchange.rows import read_csv
from miniapp_api.extensions import db


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0; 1 if something was refused, which is printed.
    """
    chosen = parser().parse_args(arguments)
    with import_module("miniapp_api.wsgi").app.app_context():  # by its name, for it imports this package
        return run(chosen)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m miniapp_api.exchange", description="和其他系统对接")
    commands = described.add_subparsers(dest="command", required=True)
    read = commands.add_parser("import", help="从 CSV 文件导入办件进度；不写 --apply 只是试算")
    read.add_argument("file", type=Path)
    read.add_argument("--system", required=True, help="哪个系统的件")
    read.add_argument("--apply", action="store_true", help="真的导入")
    read.add_argument("--keep-good", action="store_true", help="有坏行时也导入好的行")
    commands.add_parser("failed", help="列出推送失败、等人处理的")
    for name, help_ in (("retry", "再推送一次"), ("skip", "不推送了，让后面的先走")):
        commands.add_parser(name, help=help_).add_argument("push")
    return described


def run(chosen: argparse.Namespace) -> int:
    """Run what the command line chose, in the context of an application; see `main`."""
    match chosen.command:
        case "import":
            return _import(chosen)
        case "failed":
            failed = select(ExchangePush).filter_by(state="failed").order_by(ExchangePush.id)
            for push in db.session.scalars(failed):
                print(f"{push.public_id}  {push.partner}  第 {push.seq} 步  试了 {push.tries} 次  {push.fault}")
            return 0
        case command:
            found = release(db.session, chosen.push, "waiting" if command == "retry" else "skipped")
            db.session.commit()
            print("好了。" if found else "没有这条失败的推送。")
            return 0 if found else 1


def _import(chosen: argparse.Namespace) -> int:
    try:
        lines = read_csv(chosen.file.read_bytes())
    except (OSError, ValueError) as refused:
        print(refused)
        return 1
    report = take_over(db.session, chosen.system, lines, apply=chosen.apply, keep_good=chosen.keep_good)
    db.session.commit()
    _print(report, apply=chosen.apply)
    return 1 if report.faults else 0


def _print(report: Report, *, apply: bool) -> None:
    for result in report.results:
        if result.fault:
            print(f"第 {result.line} 行：{result.fault}")
        elif result.query_code and report.applied:
            print(f"第 {result.line} 行：新办件 {result.number}，查询码 {result.query_code}")
    good, bad = len(report.results) - len(report.faults), len(report.faults)
    done = "已导入" if report.applied else ("一行都没有导入" if apply else "试算，没有导入；要导入请加 --apply")
    print(f"共 {len(report.results)} 行：好的 {good}，坏的 {bad}。{done}。")


if __name__ == "__main__":
    sys.exit(main())
