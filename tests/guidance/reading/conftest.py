"""Readers for the tests of reading."""

from pathlib import Path

import pytest

from guidance.library import District
from guidance.loading import THEME
from guidance.reading import Reader
from guidance.theme import Theme

DISTRICTS = {
    "maojian": District(label="茅箭区", say=["茅箭"]),
    "zhangwan": District(label="张湾区"),
    "yunyang": District(label="郧阳区", say=["郧县"]),
    "danjiangkou": District(label="丹江口市"),
    "zhushan": District(label="竹山县"),
    "fangxian": District(label="房县", say=["房县城关"]),
}


@pytest.fixture(scope="session")
def theme() -> Theme:
    """A restaurant theme like the real one."""
    return THEME.read(Path(__file__).parent / "theme.yaml").content


@pytest.fixture(scope="session")
def reader(theme: Theme) -> Reader:
    """A reader of it."""
    return Reader(theme, DISTRICTS)
