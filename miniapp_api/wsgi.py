"""What a WSGI server loads, `miniapp_api.wsgi:app`: the application with the real neighbours."""

from __future__ import annotations

import sys

from miniapp_api.app import create_app
from miniapp_api.config import Settings, SettingsError
from miniapp_api.content.service import CatalogueError, Content
from miniapp_api.guides import service as guides

try:
    _settings = Settings.from_environment()
    app = create_app(_settings, content=Content(_settings.catalogue_dir), guides=guides)
except SettingsError as error:
    sys.exit(str(error))
except CatalogueError as error:
    sys.exit(f"内容有错，服务没有启动：\n{error}")
