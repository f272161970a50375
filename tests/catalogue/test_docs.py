"""What the authors' handbook shows can be loaded and passes the linter."""

import re
import shutil
from pathlib import Path

import pytest
import yaml12

from guidance.conditions import parse_condition
from guidance.linting import errors, lint
from guidance.loading import load_catalogue
from tests.catalogue.conftest import ROOT

HANDBOOK = ROOT.parent / "docs" / "authoring"


def whole_theme():
    blocks = re.findall(r"```yaml\n(.*?)```", (HANDBOOK / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return next(block for block in blocks if block.startswith("schema:"))


@pytest.fixture
def with_tea_stand(tmp_path):
    catalogue = Path(shutil.copytree(ROOT, tmp_path / "catalogue"))
    (catalogue / "themes" / "open-tea-stand.yaml").write_text(whole_theme(), encoding="utf-8")
    return load_catalogue(catalogue)


def test_the_smallest_theme_of_the_handbook_is_sound(with_tea_stand, theme):
    problems = lint(with_tea_stand, today=theme.effective.since, thorough=True)
    assert errors(problems) == []
    assert [p for p in problems if p.file == "open-tea-stand.yaml" and p.severity != "advice"] == []


def test_every_condition_of_the_handbook_follows_the_grammar():
    table = (HANDBOOK / "conditions.md").read_text(encoding="utf-8").split("## 给条件起名字")[0]
    written = [text for text in re.findall(r"`(\{[^`]*\})`", table) if "条件" not in text]
    assert len(written) >= 12
    for text in written:
        parse_condition(yaml12.parse_yaml(text))
