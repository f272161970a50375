"""`python -m tests.no_secrets`: look through what the whole suite left behind for what must never be there.

That is its logs, the bodies of errors, the metrics, and the outbox after each test. The simulator's secrets,
tokens, session keys and openids are made to be recognised; the person of `tests/privacy/test_leaks.py` goes
through a whole day with a number and a telephone that occur nowhere else.
"""

import re
import sys
from pathlib import Path

from wechat_simulator import Account

LOGS = Path("var/test-logs")
FOUND = Path("var/test-secrets-found")
"""How many were found, for the figures."""

SEEDED_NUMBER = "420300198808087315"
SEEDED_PHONE = "13987650123"

SECRETS = re.compile(
    "|".join(
        [
            "oSIM[0-9A-Za-z_-]{4}",  # openids
            "uSIM[0-9A-Za-z_-]{4}",  # unionids
            "ATSIM[0-9A-Za-z_-]{4}",  # access tokens
            "ASSIM[0-9A-Za-z_-]{4}",  # AppSecrets
            "SKSIM[0-9A-Za-z_+/-]{4}",  # session keys
            r"420300[ -]?19880808[ -]?7315",
            r"139[ -]?8765[ -]?0123",
            re.escape(Account().token),
            re.escape(Account().aes_key),
        ]
    )
)


def find(text):
    """List the secrets in a text."""
    return SECRETS.findall(text)


def main():
    """Count; 1 if there is any, or no log to look through."""
    logs = sorted(LOGS.glob("*.log"))
    found = {log.name: find(log.read_text(errors="replace")) for log in logs}
    total = sum(map(len, found.values()))
    FOUND.write_text(f"{total} {sum(log.stat().st_size for log in logs)}\n")
    for name, secrets in found.items():
        if secrets:
            print(f"{name}: {len(secrets)} secrets, such as {secrets[0][:8]}…")
    print(f"{total} secrets in {len(logs)} logs of the suite")
    return 1 if total or not logs else 0


if __name__ == "__main__":
    sys.exit(main())
