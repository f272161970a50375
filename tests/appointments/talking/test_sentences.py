"""What is wanted, told from sentences: none of them is in the code, and most are about something else."""

from collections import Counter
from pathlib import Path

import pytest

from miniapp_api.appointments.service import acting
from miniapp_api.appointments.talking.asking import Want, understand
from tests.appointments import world
from tests.conftest import only_sqlite

TABLE = [
    [part.strip() for part in line.split("|")]
    for line in (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
WANTS = {want.name.lower() for want in Want} - {"stop", "leave"}


@pytest.fixture
def settings(settings, request):
    """Describe an installation with the real services."""
    real = request.getfixturevalue("real_services")
    (settings.catalogue_dir / "services.yaml").write_text(real, "utf-8")
    return settings


@pytest.fixture(scope="session")
def real_services():
    """The services of the real catalogue."""
    return (Path(__file__).parents[3] / "catalogue" / "services.yaml").read_text("utf-8")


@only_sqlite
@pytest.mark.parametrize("want", [*sorted(WANTS), "none"])
def test_every_sentence_of_the_table_is_understood(session, want):
    act = acting(session, now=world.NOW)
    wrong = {text: found for known, text in TABLE if known == want and (found := _want(act, text)) != want}
    assert wrong == {}


def test_the_table_has_enough_of_everything():
    counted = Counter(want for want, _ in TABLE)
    assert len(TABLE) > 400 and counted["none"] > 180
    assert counted.keys() == WANTS | {"none"} and min(counted.values()) >= 10


def _want(act, text):
    want = understand(act, text, "shiyan").want
    return "none" if want in (None, Want.STOP) else want.name.lower()
