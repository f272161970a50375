"""The good catalogue of the linter's tests."""

import pytest

from guidance.compiler import compile_theme
from guidance.loading import load_catalogue
from tests.guidance.linting.conftest import GOOD


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue(GOOD)


@pytest.fixture(scope="session")
def theme(catalogue):
    """A theme with every type of question."""
    return catalogue.theme("all-types")


@pytest.fixture(scope="session")
def city(catalogue, theme):
    return compile_theme(theme, catalogue.locality("pingan"))
