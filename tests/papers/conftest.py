"""The real templates and the sample seal, and one drawing of each paper for all tests that look at one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from miniapp_api.extensions import db
from miniapp_api.papers import composing, loading, rendering
from miniapp_api.papers.fonts import Fonts
from miniapp_api.papers.seals import SampleSeal
from tests.papers.examples import facts_of

CATALOGUE = Path(__file__).parents[2] / "catalogue"
DAY = date(2026, 11, 25)
NUMBER = "十行审受字〔2026〕第00001号"
LINK = f"https://zwfw.example.gov.cn/r/{'1234567890' * 17}123456789"


@pytest.fixture(scope="session")
def file():
    """Load the templates of the catalogue."""
    return loading.load(CATALOGUE)[0]


@pytest.fixture(scope="session")
def seal():
    """Make the seal that says that it is a sample."""
    return SampleSeal()


@pytest.fixture(scope="session")
def written(file):
    """Write a paper of the city of Shiyan."""

    def write(kind, **changed):
        facts = facts_of(kind, **changed)
        return composing.compose(file, file.issuers["shiyan"], kind, facts, DAY).numbered(NUMBER)

    return write


@pytest.fixture(scope="session")
def drawn(written, seal):
    """Draw and sign a paper; of each kind there is one."""
    kept = {}

    def draw(kind):
        if kind not in kept:
            job = rendering.Job(written(kind), LINK, seal.mark(), datetime(2026, 11, 25, 1, 5, tzinfo=UTC))
            kept[kind] = seal.sign(rendering.draw(job, Fonts()), "测试")
        return kept[kind]

    return draw


@pytest.fixture
def settings(settings):
    """Give the installation a public address."""
    return settings.model_copy(update={"public_url": "https://zwfw.example.gov.cn"})


@pytest.fixture
def in_app(app):
    """Be inside the application."""
    with app.app_context():
        yield app


@pytest.fixture
def session(in_app):
    """Give a session that writes."""
    return db.session
