"""The real catalogue, and people with valid numbers."""

from pathlib import Path

import pytest

from miniapp_api.content.service import Content


@pytest.fixture(scope="session")
def whole_catalogue():
    """Load the real catalogue once."""
    return Content(Path(__file__).parents[2] / "catalogue")


@pytest.fixture
def content(whole_catalogue):
    """Serve it."""
    return whole_catalogue
