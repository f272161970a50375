"""Keys, erasure and expiry, by the command line: `python -m miniapp_api.privacy 命令`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

from flask import Flask
from gunicorn.errors import AppImportError

from miniapp_api.errors import Problem
from miniapp_api.field_settings import CIPHERS, INDEX, MAX_KID, FieldKey, read_field_keys
from miniapp_api.privacy import commands


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Run one command on the installation of the environment.

    Args:
        arguments: the command line without the program's name; the process's, if None.
        out: where to print.

    Returns:
        0 if it was done, 1 if it was refused or something is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.command == "new-key":
            return _new_key(options.alg, out)
        with _application().app_context():
            return int(options.run(options, out))
    except (ValueError, AppImportError) as error:
        print(error, file=out)
    except Problem as problem:
        print(problem.description, file=out)
    return 1


def _application() -> Flask:
    """Make the application; by its name, for it imports this package."""
    app: Flask = import_module("miniapp_api.wsgi").app
    return app


def _new_key(algorithm: str, out: TextIO) -> int:
    """Print an entry for FIELD_KEYS with the next number; the first time also the key of the indexes.

    Raises:
        ValueError: the keys of the environment are not valid, or all numbers are used up.
    """
    try:
        keys = read_field_keys(os.environ.get("FIELD_KEYS", ""))
    except ValueError as error:
        raise ValueError(f"环境变量 FIELD_KEYS：{error}") from None
    number = max((key.kid for key in keys), default=-1) + 1
    fresh = [] if any(key.algorithm == INDEX for key in keys) else [INDEX]
    wanted = [*fresh, algorithm]
    if number + len(wanted) - 1 > MAX_KID:
        raise ValueError(f"编号 0 到 {MAX_KID} 都用完了")
    print("; ".join(FieldKey.new(kid, alg).entry() for kid, alg in enumerate(wanted, number)), file=out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m miniapp_api.privacy", description="个人信息：密钥、删除、到期清理")
    orders = parser.add_subparsers(dest="command", required=True, metavar="命令")

    making = orders.add_parser("new-key", help="打印一把新密钥，加进环境变量 FIELD_KEYS")
    making.add_argument("--alg", choices=list(CIPHERS), default="aes-256-gcm", help="算法，默认 aes-256-gcm")

    resealing = orders.add_parser("reseal", help="把所有加密的内容换成用最新的密钥加密；中断了再运行一次就行")
    resealing.set_defaults(run=commands.reseal)

    erasing = orders.add_parser("erase", help="删掉一个访客的全部记录")
    erasing.add_argument("--visitor", required=True, help="访客编号")
    erasing.set_defaults(run=commands.erase)

    retaining = orders.add_parser("retain", help="清理到期的记录，每天运行一次")
    retaining.set_defaults(run=commands.retain)
    for order in (erasing, retaining):
        order.add_argument("--dry-run", action="store_true", help="只数有多少，不删")

    listing = orders.add_parser("holdings", help="列出保存哪些个人信息、多久")
    listing.set_defaults(run=commands.holdings)
    return parser


if __name__ == "__main__":
    sys.exit(main())
