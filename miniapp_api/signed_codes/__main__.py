"""Make and retire the keys that sign codes.

python -m miniapp_api.signed_codes new-key              打印一把新密钥，加进环境变量 CODE_KEYS
python -m miniapp_api.signed_codes new-key --alg sm2    要国密算法（SM2 和 SM3）的，这样生成
python -m miniapp_api.signed_codes retire 0             把 0 号密钥改成只能验证的样子打印出来，替换原来那一段
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from miniapp_api.calendar.service import today
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import MAX_KID, CodeKey, read_keys

LASTS = timedelta(days=400)
"""A year, and a month in which it overlaps with the next one."""


def new_key(keys: tuple[CodeKey, ...], alg: str = "ed25519") -> CodeKey:
    """Make a key with the first number after those in use; it signs from today on."""
    kid = max((key.kid for key in keys), default=-1) + 1
    if kid > MAX_KID:
        sys.exit(f"编号 0 到 {MAX_KID} 都用完了：旧凭证还要靠旧密钥验证，不能重用编号，需要新的凭证格式版本")
    if alg not in ALGORITHMS:
        sys.exit(f"--alg 只能是 {' 或 '.join(ALGORITHMS)}")
    algorithm = ALGORITHMS[alg]
    return CodeKey.from_seed(kid, algorithm.new_seed(), today(), today() + LASTS, algorithm=algorithm)


def retired(keys: tuple[CodeKey, ...], kid: str) -> CodeKey:
    """Give the public half of a key."""
    found = [key for key in keys if str(key.kid) == kid]
    if not found:
        sys.exit(f"环境变量 CODE_KEYS 里没有 kid={kid}")
    return found[0].without_seed()


def main(arguments: list[str]) -> None:
    """Serve the command line."""
    try:
        keys = read_keys(os.environ.get("CODE_KEYS", ""))
    except ValueError as error:
        sys.exit(f"环境变量 CODE_KEYS：{error}")
    match arguments:
        case ["new-key"]:
            print(new_key(keys).entry())
        case ["new-key", "--alg", alg]:
            print(new_key(keys, alg).entry())
        case ["retire", kid]:
            print(retired(keys, kid).entry())
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
