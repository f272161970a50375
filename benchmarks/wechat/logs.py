"""Secrets in the logs of the whole test suite, as `make test` found them when it ran last here."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Figure

RECORD = Path("var/test-secrets-found")
"""Written by `make test`."""


def figures() -> list[Figure]:
    """Report; nothing if the tests have not run here."""
    if not RECORD.exists():
        print("  make test has not run here yet; run it first to have this figure")
        return []
    found, size = map(int, RECORD.read_text().split())
    what = f"AppSecrets, tokens, session keys, openids and unionids in {size / 1e6:.1f} MB of logs of make test"
    return [Figure("wechat.log_secrets", found, "", "= 0", what)]
