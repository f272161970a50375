"""The connection on which a request came."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


def listening(environ: Mapping[str, Any]) -> bool:
    """Whether the caller has not hung up, as far as the web server lets one see it.

    Args:
        environ: of the request (WSGI).
    """
    connection = next((environ[name] for name in _SOCKETS if name in environ), None)
    if connection is None:
        return True
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:  # neither a word nor the end
        return True
    except OSError:
        return False
