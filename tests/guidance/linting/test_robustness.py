"""Whatever is broken, the linter says so and does not break."""

import shutil
from copy import deepcopy
from random import Random

import pytest
import yaml

from guidance.documents import CatalogueError
from guidance.linting import lint
from guidance.loading import load_catalogue
from tests.guidance.linting.conftest import GOOD, TODAY

FILES = sorted(path.relative_to(GOOD) for path in GOOD.rglob("*.yaml"))
VALUES = (None, True, False, 0, -1, 7, 1e9, "x", "kind", "new", "$big", "always", "unknown", [], {}, ["new"], {"lt": 5})


def spots(node):
    """Every map and list inside a document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from spots(value)
    elif isinstance(node, list):
        yield node
        for value in node:
            yield from spots(value)


def break_one(random, document):
    """Take away, rename, exchange or repeat something, anywhere in a document."""
    node = random.choice([spot for spot in spots(document) if spot])
    key = random.choice(list(node)) if isinstance(node, dict) else random.randrange(len(node))
    match random.choice(["drop", "value", "value", "move", "rename"]):
        case "drop":
            del node[key]
        case "value":
            node[key] = deepcopy(random.choice(VALUES))
        case "move":
            other = random.choice([spot for spot in spots(document) if spot])
            node[key] = deepcopy(random.choice(list(other.values()) if isinstance(other, dict) else other))
        case "rename" if isinstance(node, dict):
            node[random.choice(["kind", "area", "all", "not", "x", "new"])] = node.pop(key)


@pytest.mark.parametrize("seed", range(300))
def test_a_broken_file_is_reported(seed, tmp_path):
    random = Random(seed)
    root = tmp_path / "catalogue"
    shutil.copytree(GOOD, root)
    path = root / random.choice(FILES)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for _ in range(random.randint(1, 2)):
        break_one(random, document)
    try:
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
        problems = lint(load_catalogue(root), today=TODAY)
    except CatalogueError as error:
        problems = error.problems
    for problem in problems:
        assert (root / "themes" / problem.file).exists() or list(root.rglob(problem.file))
        assert problem.line >= 1 and problem.message


def test_a_file_in_another_encoding_is_reported_with_its_line(tmp_path):
    root = tmp_path / "catalogue"
    shutil.copytree(GOOD, root)
    tiny = root / "themes" / "tiny.yaml"
    tiny.write_bytes(tiny.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(root)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.code) == ("tiny.yaml", 4, "G001") and "UTF-8" in problem.message
