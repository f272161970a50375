"""What gunicorn loads, `miniapp_api.wsgi:app`: the application with the real neighbours."""

from __future__ import annotations

from gunicorn.errors import AppImportError

from miniapp_api.app import create_app
from miniapp_api.config import Settings, SettingsError
from miniapp_api.content.service import CatalogueError, Content
from miniapp_api.conversation import service as conversation

# gunicorn prints an AppImportError without a traceback and stops; after a mere exit it would try for ever.
try:
    _settings = Settings.from_environment()
    app = create_app(_settings, content=Content(_settings.catalogue_dir), guides=conversation)
except SettingsError as error:
    raise AppImportError(error) from None
except CatalogueError as error:
    raise AppImportError(f"内容有错，服务没有启动：\n{error}") from None
