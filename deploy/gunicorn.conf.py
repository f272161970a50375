"""The web server: few processes with some threads each.

Started as `python -m gunicorn -c deploy/gunicorn.conf.py` from the root of the repository.
"""

from __future__ import annotations

import gc
import shutil
import sys
from pathlib import Path

from miniapp_api.config import Settings, SettingsError

try:
    _settings = Settings.from_environment()
except SettingsError as error:
    sys.exit(str(error))

_figures = Path("var/metrics").absolute()  # the processes leave their figures there for one another

wsgi_app = "miniapp_api.wsgi:app"
bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
timeout = 30
graceful_timeout = 20  # longer than a turn may wait on Rasa
keepalive = 5
max_requests = 20_000  # a leak anywhere ends with the process, not with the service
max_requests_jitter = 2_000
control_socket_disable = True  # nobody steers it at run time
accesslog = None  # the application logs each request, without query and address
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_figures}"]


def on_starting(_server: object) -> None:
    """Begin with no figures of processes long gone."""
    shutil.rmtree(_figures, ignore_errors=True)
    _figures.mkdir(parents=True)


def post_fork(_server: object, _worker: object) -> None:
    """Let threads change places often.

    At 5 ms a request waits that long for each thread that computes, whenever it has read or written something.
    """
    sys.setswitchinterval(0.0001)


def post_worker_init(_worker: object) -> None:
    """Let the garbage collector leave the catalogue alone: to walk it stops all threads for a sixth of a second."""
    gc.collect()
    gc.freeze()
