"""What a WSGI server loads, `miniapp_api.wsgi:app`: the application with the real neighbours."""

from __future__ import annotations

import sys

from miniapp_api.app import create_app
from miniapp_api.config import SettingsError
from miniapp_api.content import service as content
from miniapp_api.guides import service as guides

try:
    app = create_app(content=content, guides=guides)
except SettingsError as error:
    sys.exit(str(error))
