"""A good catalogue, and the same with one file that is bad in one way."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from guidance.documents import CatalogueError
from guidance.linting import lint
from guidance.linting.registry import CHECKS, Stage
from guidance.loading import load_catalogue

BAD = Path(__file__).parents[2] / "bad_themes"
GOOD = BAD / "good"
TODAY = date(2026, 11, 22)
KINDS = {
    "theme": "themes/{id}.yaml",
    "locality": "localities/{id}.yaml",
    "bases": "bases.yaml",
    "materials": "materials.yaml",
}


def place_of(name, text):
    """Where a file of a catalogue belongs, by what it says it is."""
    kind = re.search(r"^schema: daoban/(\w+)/1", text, re.MULTILINE)[1]
    id_ = re.search(r"^id: ([\w-]+)", text, re.MULTILINE)
    wrong_name = name.startswith("G003_file_name")
    return KINDS[kind].format(id="tiny" if wrong_name else id_ and id_[1])


@pytest.fixture
def catalogue_with(tmp_path):
    """A copy of the good catalogue with one file put in its place."""

    def build(bad):
        root = tmp_path / "catalogue"
        shutil.copytree(GOOD, root)
        place = root / place_of(bad.name, bad.read_text(encoding="utf-8"))
        shutil.copyfile(bad, place)
        return root, place.name

    return build


@pytest.fixture
def problems_in(catalogue_with):
    """All problems of the good catalogue with one bad file, and that file's name."""

    def found(bad):
        root, name = catalogue_with(bad)
        code, check = bad.stem.split("__")[0].split("_", 1)
        costly = any(c.name == check and c.stage is Stage.COSTLY for c in CHECKS)
        previous = load_catalogue(GOOD) if code in ("G004", "G704") else None
        try:
            return lint(load_catalogue(root), today=TODAY, previous=previous, thorough=costly), name
        except CatalogueError as error:
            return list(error.problems), name

    return found
