"""What an application issues papers with: its templates, its seal, its fonts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from miniapp_api.config import Settings, SettingsError
from miniapp_api.papers.files import PapersFile
from miniapp_api.papers.fonts import Fonts, open_fonts
from miniapp_api.papers.loading import load
from miniapp_api.papers.seals import KeyFileSeal, SampleSeal, SealProvider


@dataclass(frozen=True, slots=True)
class Press:
    """What papers are made with.

    Attributes:
        seal: the bureau's, None if it has none.
        sample: what is put under papers without one.
    """

    file: PapersFile
    fonts: Fonts
    sample: SealProvider
    seal: SealProvider | None


def init_app(app: Flask, seal: SealProvider | None = None) -> None:
    """Give the application what it issues papers with.

    Args:
        app: with its settings.
        seal: the bureau's; by default the file in the settings, if there is one.

    Raises:
        CatalogueError: `papers.yaml` is not valid.
        SettingsError: the seal or the font of the settings cannot be used.
    """
    settings = cast(Settings, app.extensions["settings"])
    file, _ = load(settings.catalogue_dir)
    fonts = _fonts(settings.papers_rare_font)
    app.extensions["papers"] = Press(file, fonts, SampleSeal(), seal or _seal(settings))


def press() -> Press:
    """Give what the current application makes papers with."""
    return cast(Press, current_app.extensions["papers"])


def _fonts(rare: Path | None) -> Fonts:
    try:
        return open_fonts(rare)
    except ValueError as error:
        raise _refused("PAPERS_RARE_FONT", error) from None


def _seal(settings: Settings) -> SealProvider | None:
    if settings.papers_seal_file is None:
        return None
    try:
        return KeyFileSeal(settings.papers_seal_file, settings.papers_seal_password)
    except ValueError as error:
        raise _refused("PAPERS_SEAL_FILE", error) from None


def _refused(variable: str, error: ValueError) -> SettingsError:
    return SettingsError(f"配置有误，服务没有启动：\n  · 环境变量 {variable}：{error}")
